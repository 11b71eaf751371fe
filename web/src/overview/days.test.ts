import { describe, expect, it } from "vitest";
import { stateOfDay, type Day } from "./days";

function day(missed: boolean, ...runs: [kind: string, state: string][]): Day {
  return { day: "2026-11-10", missed, runs: runs.map(([kind, state], id) => ({ id, kind, state })) } as Day;
}
const today = "2026-11-29";

describe("a day of the strip", () => {
  it.each<[string, Day]>([
    ["done", day(false, ["backup", "done"])],
    ["drilled", day(false, ["backup", "done"], ["drill", "done"])],
    ["warned", day(false, ["backup", "done"], ["drill", "failed"])],
    ["warned", day(false, ["backup", "failed"], ["backup", "done"])],
    ["warned", day(false, ["backup", "incomplete"])],
    ["missed", day(true)],
    ["missed", day(true, ["backup", "failed"])],
    ["missed", day(true, ["drill", "done"])],
    ["warned", day(false, ["backup", "failed"])],
    ["none", day(false)],
    ["none", day(false, ["check", "done"])],
    ["none", day(false, ["backup", "cancelled"])],
  ])("is %s", (state, of) => {
    expect(stateOfDay(of, today)).toBe(state);
  });

  it("is still to come as long as today's backup may come", () => {
    expect(stateOfDay({ ...day(false), day: today }, today)).toBe("pending");
    expect(stateOfDay({ ...day(true), day: today }, today)).toBe("missed");
  });
});
