// Answers of the service for unit tests, in the shape that its description gives them.
import type { Overview, Run } from "@/api/client";

export function aRun(change: Partial<Run> = {}): Run {
  return {
    id: 1,
    kind: "backup",
    state: "done",
    options: null,
    started_by: "schedule",
    queued: "2026-11-29T18:30:00Z",
    started: "2026-11-29T18:30:00Z",
    ended: "2026-11-29T18:31:00Z",
    progress: { bytes_done: 0, bytes_total: 0, files_done: 0, files_total: 0, tables_done: 0, tables_total: 0, phase: "", current: "" },
    snapshot: null,
    error: null,
    ...change,
  };
}

export function anOverview(change: Partial<Overview> = {}): Overview {
  return {
    practice: "Smile Dental",
    now: "2026-11-29T20:00:00Z",
    time_zone: "America/Chicago",
    health: { state: "safe", code: "safe", safe_as_of: "2026-11-29T18:30:00Z", proven_at: "2026-11-29T11:05:00Z" },
    last_good_backup: aRun(),
    last_backup: aRun(),
    last_drill: aRun({ id: 2, kind: "drill", ended: "2026-11-29T11:05:00Z" }),
    next_backup: "2026-11-30T02:00:00Z",
    next_drill: "2026-12-06T11:00:00Z",
    active: [],
    alerts: [],
    destination: { free: 400e9, total: 1000e9, checked: "2026-11-29T19:55:00Z", full_in_days: null },
    days: [{ day: "2026-11-29", missed: false, runs: [{ id: 1, kind: "backup", state: "done" }] }],
    ...change,
  };
}
