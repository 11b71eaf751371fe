// What the overview's three sentences say, and in which colour: a pure function of what the service knows.
import type { Overview, Run } from "@/api/client";
import type { Texts } from "@/texts";
import type { Tone } from "@/ui/Card";
import type { Format } from "@/ui/format";

export interface Sentences {
  /** Of the worst of everything. */
  tone: Tone;
  safe: string;
  since: string;
  restore: string;
  restoreTone: Tone;
  advice: string | null;
}

const tones: Record<Overview["health"]["state"], Tone> = { safe: "good", warning: "warn", unsafe: "bad" };

function lastDrillFailed(overview: Overview): boolean {
  return overview.last_drill?.state === "failed";
}

export function sentencesOf(overview: Overview, texts: Texts["overview"], format: Format): Sentences {
  const { health, now } = overview;
  const safe = (texts.safe as Record<string, string | undefined>)[health.code] ?? texts.safeByState[health.state];
  const since = health.safe_as_of === null ? texts.since.nothing : texts.since.asOf(format.when(health.safe_as_of, now));
  const drilled = endOf(overview.last_drill);
  let restore = texts.restore.never;
  let restoreTone: Tone = "warn";
  if (lastDrillFailed(overview) && drilled !== null) {
    restore = texts.restore.failed(format.when(drilled, now));
    restoreTone = "bad";
  } else if (health.proven_at !== null) {
    restore = texts.restore.proven(format.when(health.proven_at, now));
    restoreTone = "good";
  }
  return { tone: tones[health.state], safe, since, restore, restoreTone, advice: texts.advice[health.code] ?? null };
}

function endOf(run: Run | null): string | null {
  return run === null ? null : (run.ended ?? run.queued);
}
