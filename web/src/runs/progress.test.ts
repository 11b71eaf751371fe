import { describe, expect, it } from "vitest";
import { aRun } from "@/testing/overview";
import { fractionOf, secondsLeft, SpeedMeter } from "./progress";

const nothing = aRun().progress;

describe("progress", () => {
  it("is not known without a total, and never more than all", () => {
    expect(fractionOf(nothing)).toBeNull();
    expect(fractionOf({ ...nothing, bytes_done: 50, bytes_total: 200 })).toBe(0.25);
    expect(fractionOf({ ...nothing, bytes_done: 300, bytes_total: 200 })).toBeNull();
    expect(fractionOf({ ...nothing, bytes_done: 200, bytes_total: 200, tables_done: 1, tables_total: 10 })).toBe(0.1);
    expect(fractionOf({ ...nothing, files_done: 1, files_total: 4 })).toBe(0.25);
    expect(fractionOf({ ...nothing, tables_done: 1, tables_total: 2 })).toBe(0.5);
  });

  it("has a speed once enough was seen, over the last seconds only", () => {
    const meter = new SpeedMeter();
    meter.add(0, 0);
    expect(meter.bytesPerSecond()).toBeNull();
    meter.add(1000, 5000);
    expect(meter.bytesPerSecond()).toBe(5000);
    for (let second = 2; second <= 20; ++second) meter.add(second * 1000, 5000);
    expect(meter.bytesPerSecond()).toBe(0);
  });

  it("begins anew when the counters do", () => {
    const meter = new SpeedMeter();
    meter.add(0, 1000);
    meter.add(1000, 2000);
    meter.add(2000, 10);
    expect(meter.bytesPerSecond()).toBeNull();
  });

  it("tells no time left while it stands still or the total is not known", () => {
    const half = { ...nothing, bytes_done: 100, bytes_total: 200 };
    expect(secondsLeft(half, 10)).toBe(10);
    expect(secondsLeft(half, 0)).toBeNull();
    expect(secondsLeft(half, null)).toBeNull();
    expect(secondsLeft(nothing, 10)).toBeNull();
  });
});
