import type { Snapshot } from "@/api/client";

export interface Figures {
  /** What it holds. */
  bytes: number | null;
  /** Files that are new or other than in the backup before. */
  changed: number | null;
  /** What it added to the backup disk. */
  added: number | null;
}

/** Of a backup's summary, which is restic's and may be missing: other programs, older versions. */
export function figuresOf(snapshot: Snapshot): Figures {
  const summary: Record<string, unknown> = snapshot.summary ?? {};
  const number = (name: string) => (typeof summary[name] === "number" ? summary[name] : null);
  const [fresh, changed] = [number("files_new"), number("files_changed")];
  return {
    bytes: number("total_bytes_processed"),
    changed: fresh === null || changed === null ? null : fresh + changed,
    added: number("data_added_packed") ?? number("data_added"),
  };
}
