import { describe, expect, it } from "vitest";
import type { Snapshot } from "@/api/client";
import { byWorth, countByDay, instantOf, monthBeside, monthGrid, upTo } from "./backups";

function aSnapshot(id: string, time: string, change: Partial<Snapshot> = {}): Snapshot {
  return {
    id, short_id: id, time, tree: "t", paths: ["/database", "/images"], hostname: "server", username: "root", complete: true, drill: null,
    ...change,
  };
}

const failed = { run: 1, passed: false, ended: null };
const list = [
  aSnapshot("d", "2026-11-29T20:00:00Z", { complete: false }),
  aSnapshot("c", "2026-11-29T18:00:00Z", { drill: failed }),
  aSnapshot("b", "2026-11-28T18:00:00Z"),
  aSnapshot("a", "2026-11-27T18:00:00Z"),
];

describe("which backup to restore from", () => {
  it("is the newest good one, whatever is newer but not good", () => {
    expect(byWorth(list).map((snapshot) => snapshot.id)).toEqual(["b", "a", "d", "c"]);
  });

  it("is never one after the moment asked for", () => {
    expect(upTo(list, Date.parse("2026-11-28T18:00:00Z")).map((snapshot) => snapshot.id)).toEqual(["b", "a"]);
    expect(upTo(list, 0)).toEqual([]);
  });
});

describe("the calendar", () => {
  it("shows whole weeks around the month, and only those", () => {
    const weeks = monthGrid("2026-11", new Map([["2026-11-29", { backups: 2, good: 0 }]]), 0);
    expect(weeks[0]?.[0]).toMatchObject({ day: "2026-11-01", inMonth: true, backups: 0 });
    expect(weeks).toHaveLength(5);
    expect(weeks[4]?.[0]).toEqual({ day: "2026-11-29", inMonth: true, backups: 2, good: 0 });
    expect(weeks[4]?.[6]).toMatchObject({ day: "2026-12-05", inMonth: false });
    expect(monthGrid("2026-11", new Map(), 1)[0]?.[0]?.day).toBe("2026-10-26");
  });

  it("leafs over the turn of the year", () => {
    expect(monthBeside("2026-01", -1)).toBe("2025-12");
    expect(monthBeside("2026-12", 1)).toBe("2027-01");
  });

  it("counts good and other backups a day", () => {
    const counts = countByDay(list, (moment) => moment.slice(0, 10));
    expect(counts.get("2026-11-29")).toEqual({ backups: 2, good: 0 });
    expect(counts.get("2026-11-28")).toEqual({ backups: 1, good: 1 });
  });
});

describe("a moment on the practice's clock", () => {
  it("is the same instant wherever the browser is", () => {
    expect(instantOf("2026-11-29", "12:30", "America/Chicago")).toBe(Date.parse("2026-11-29T18:30:00Z"));
    expect(instantOf("2026-07-01", "12:30", "America/Chicago")).toBe(Date.parse("2026-07-01T17:30:00Z"));
    expect(instantOf("2026-11-29", "00:00", "Asia/Kolkata")).toBe(Date.parse("2026-11-28T18:30:00Z"));
  });

  it("on the day the clock changes follows the clock", () => {
    expect(instantOf("2026-03-08", "12:00", "America/Chicago")).toBe(Date.parse("2026-03-08T17:00:00Z"));
    expect(instantOf("2026-03-08", "01:00", "America/Chicago")).toBe(Date.parse("2026-03-08T07:00:00Z"));
  });
});
