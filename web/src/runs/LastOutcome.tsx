import { useQuery } from "@tanstack/react-query";
import type { Run } from "@/api/client";
import { hasEnded, resultQuery } from "@/api/queries";
import type { BackupResult } from "@/api/results";
import { useTexts } from "@/texts";
import { ButtonLink } from "@/ui/Button";
import type { Tone } from "@/ui/Card";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { sentence } from "@/ui/ProblemBox";

/** How a run ended, in a sentence. */
export function useOutcome(run: Run): { tone: Tone; title: string } {
  const { runs } = useTexts();
  const { outcome } = runs;
  switch (run.state) {
    case "done":
      return { tone: "good", title: run.kind === "backup" ? outcome.backupDone : run.kind === "drill" ? outcome.drillDone : outcome.otherDone };
    case "incomplete":
      return { tone: "warn", title: outcome.backupIncomplete };
    case "failed":
      return { tone: "bad", title: run.kind === "backup" ? outcome.backupFailed : run.kind === "drill" ? outcome.drillFailed : outcome.otherFailed };
    case "cancelled":
    case "interrupted":
      return { tone: run.state === "cancelled" ? "neutral" : "warn", title: runs.statesLong[run.state] };
    case "queued":
      return { tone: "neutral", title: runs.statesLong.queued };
    case "running":
      return { tone: "neutral", title: runs.states.running };
  }
}

/** The newest backup's end: "Backup complete. Office paused 0.04 s." */
export function LastOutcome({ run }: { run: Run }) {
  const { runs, common } = useTexts();
  const format = useFormat();
  const outcome = useOutcome(run);
  const made = run.state === "done" || run.state === "incomplete";
  const { data } = useQuery({ ...resultQuery<BackupResult>(run.id), enabled: made });
  if (!hasEnded(run)) return null;
  const paused = data?.lock_seconds !== undefined && data.lock_method !== "none" ? format.duration(data.lock_seconds) : null;
  return (
    <Notice tone={outcome.tone} title={`${outcome.title} (${format.when(run.ended ?? run.queued)})`}>
      {paused !== null && (
        <p>
          {runs.result.paused} {paused}
        </p>
      )}
      {run.error !== null && <p>{sentence(run.error.message)}</p>}
      <div>
        <ButtonLink to={`/backup/runs/${String(run.id)}`} size="small">
          {common.details}
        </ButtonLink>
      </div>
    </Notice>
  );
}
