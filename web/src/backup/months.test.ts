import { describe, expect, it } from "vitest";
import { monthsBetween } from "./months";

describe("months", () => {
  it("go from the last day's back to the first day's", () => {
    expect(monthsBetween("2025-11-03", "2026-02-10", 0, 24).map((month) => month.key)).toEqual(["2026-02", "2026-01", "2025-12", "2025-11"]);
    expect(monthsBetween("2020-01-01", "2026-02-10", 0, 12)).toHaveLength(12);
    expect(monthsBetween("2026-03-01", "2026-02-10", 0, 12)).toEqual([]);
  });

  it("begin their weeks on the day asked for", () => {
    const [november] = monthsBetween("2026-11-01", "2026-11-30", 0, 1); // the 1st is a Sunday
    expect(november?.weeks[0]?.[0]).toBe("2026-11-01");
    const [monday] = monthsBetween("2026-11-01", "2026-11-30", 1, 1);
    expect(monday?.weeks[0]).toEqual([null, null, null, null, null, null, "2026-11-01"]);
  });

  it("hold every day once, leap days too", () => {
    const [february] = monthsBetween("2028-02-01", "2028-02-29", 0, 1);
    const days = february?.weeks.flat().filter((day) => day !== null);
    expect(days).toHaveLength(29);
    expect(days?.at(-1)).toBe("2028-02-29");
    expect(february?.weeks.every((week) => week.length === 7)).toBe(true);
  });
});
