// What the strip of days says of each: a pure function of the history.
import type { Overview } from "@/api/client";

export type DayState = "done" | "drilled" | "warned" | "missed" | "none" | "pending";
export type Day = Overview["days"][number];

/** Worst first: one backup that failed and one later that day that did not is a day with a problem, but not a missed one. */
export function stateOfDay(day: Day, today: string): DayState {
  const backups = day.runs.filter((run) => run.kind === "backup");
  const drills = day.runs.filter((run) => run.kind === "drill");
  const hasBackup = backups.some((run) => run.state === "done");
  if (!hasBackup && !backups.some((run) => run.state === "incomplete")) {
    if (day.missed) return "missed";
    if (backups.some((run) => run.state === "failed") || drills.some((run) => run.state === "failed")) return "warned";
    if (drills.some((run) => run.state === "done")) return "drilled";
    return day.day === today ? "pending" : "none";
  }
  const troubled = [...backups, ...drills].some((run) => run.state === "failed" || run.state === "incomplete");
  if (troubled) return "warned";
  return drills.some((run) => run.state === "done") ? "drilled" : "done";
}
