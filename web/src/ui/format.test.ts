import { describe, expect, it } from "vitest";
import { en } from "@/texts/en";
import { es } from "@/texts/es";
import { Format } from "./format";

const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, " ");
const chicago = new Format("en-US", "America/Chicago", en);

describe("formats", () => {
  it("show times of the practice's zone, whatever the browser's is", () => {
    expect(plain(chicago.dateTime("2026-11-29T02:00:00Z"))).toBe("Sat, Nov 28, 2026, 8:00 PM");
    expect(chicago.dayKey("2026-11-29T02:00:00Z")).toBe("2026-11-28");
    expect(plain(new Format("en-US", "Pacific/Auckland", en).time("2026-11-29T02:00:00Z"))).toBe("3:00 PM");
    expect(plain(chicago.exactly("2026-11-29T18:30:07Z"))).toMatch(/Sunday, November 29, 2026, 12:30:07 PM (CST|GMT-6)/);
  });

  it("take the browser's zone for one they do not know", () => {
    expect(() => new Format("en-US", "Nowhere/Atall", en).time("2026-11-29T02:00:00Z")).not.toThrow();
  });

  it("say today, yesterday and tomorrow by the practice's calendar", () => {
    const now = "2026-11-29T05:00:00Z"; // still the 28th there
    expect(plain(chicago.when("2026-11-29T02:00:00Z", now))).toBe("today 8:00 PM");
    expect(plain(chicago.when("2026-11-28T02:00:00Z", now))).toBe("yesterday 8:00 PM");
    expect(plain(chicago.when("2026-11-29T07:00:00Z", now))).toBe("tomorrow 1:00 AM");
    expect(plain(chicago.when("2026-11-20T18:00:00Z", now))).toBe("Fri, Nov 20, 2026, 12:00 PM");
  });

  it("count across the day on which clocks are changed", () => {
    expect(plain(chicago.when("2026-10-31T18:00:00Z", "2026-11-01T18:00:00Z"))).toBe("yesterday 1:00 PM");
  });

  it("show sizes as disks are sold", () => {
    expect(chicago.bytes(0)).toBe("0 B");
    expect(chicago.bytes(999)).toBe("999 B");
    expect(chicago.bytes(1000)).toBe("1 KB");
    expect(chicago.bytes(3_420_000)).toBe("3.4 MB");
    expect(chicago.bytes(999_999_999)).toBe("1 GB");
    expect(chicago.bytes(345_600_000_000)).toBe("346 GB");
  });

  it("show durations from a pause to a night", () => {
    expect(chicago.duration(0.041)).toBe("0.04 s");
    expect(chicago.duration(3.21)).toBe("3.2 s");
    expect(chicago.duration(59.4)).toBe("59 s");
    expect(chicago.duration(200)).toBe("3 min 20 s");
    expect(chicago.duration(3600)).toBe("1 h");
    expect(chicago.duration(7500)).toBe("2 h 5 min");
  });

  it("speak Spanish", () => {
    const madrid = new Format("es-US", "America/Chicago", es);
    expect(madrid.longDay("2026-11-29")).toBe("domingo, 29 de noviembre de 2026");
  });
});
