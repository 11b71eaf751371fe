import { useQuery } from "@tanstack/react-query";
import type { Run } from "@/api/client";
import { hasEnded, resultQuery, runQuery } from "@/api/queries";
import type { BackupResult } from "@/api/results";
import { usePreferences } from "@/app/preferences";
import { useOutcome } from "@/runs/LastOutcome";
import { RunProgress } from "@/runs/RunningCard";
import { RunStateBadge } from "@/runs/RunStateBadge";
import { useRunAction } from "@/runs/useStartRun";
import { useTexts } from "@/texts";
import { Button, ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Facts } from "@/ui/Facts";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { ProblemBox, sentence } from "@/ui/ProblemBox";
import { QueryState } from "@/ui/QueryState";
import list from "@/ui/List.module.css";
import { BackupResultCard } from "./BackupResultCard";

/** One run: its progress while it is at work, then how it ended and what it left. */
export function RunScreen({ id }: { id: number }) {
  const { backup: t, runs } = useTexts();
  const query = useQuery(runQuery(id));
  const run = query.data;
  return (
    <Page
      title={run ? (runs.kinds[run.kind] ?? run.kind) : t.history.title}
      intro={run && <RunStateBadge state={run.state} kind={run.kind} />}
      actions={
        <ButtonLink to="/backup/history" look="quiet" icon="left">
          {t.run.back}
        </ButtonLink>
      }
    >
      <QueryState query={query}>{(data) => <Content run={data} />}</QueryState>
    </Page>
  );
}

function Content({ run }: { run: Run }) {
  const { backup: t, runs, common } = useTexts();
  const { technician } = usePreferences();
  const format = useFormat();
  const outcome = useOutcome(run);
  const ended = hasEnded(run);
  const made = run.state === "done" || run.state === "incomplete";
  const result = useQuery({ ...resultQuery<BackupResult>(run.id), enabled: ended && run.kind === "backup" && made });
  const resume = useRunAction("resume");
  const canResume = run.state === "failed" || run.state === "cancelled" || run.state === "interrupted";
  const time = (moment: string | null) => (moment === null ? null : format.dateTime(moment));
  return (
    <>
      <Card>
        {ended ? (
          <Notice tone={outcome.tone} title={outcome.title}>
            {run.error !== null && <p>{sentence(run.error.message)}</p>}
            {run.error !== null && run.error.hint !== "" && (
              <p>
                {common.whatToDo} {sentence(run.error.hint)}
              </p>
            )}
            <div className={list["row"]}>
              {canResume && !resume.isSuccess && (
                <Button size="small" isDisabled={resume.isPending} onPress={() => { resume.mutate(run.id); }}>
                  {runs.resume}
                </Button>
              )}
              {resume.isSuccess && (
                <ButtonLink size="small" to={`/backup/runs/${String(resume.data.id)}`}>
                  {t.run.resumed} {common.details}
                </ButtonLink>
              )}
              {run.snapshot !== null && (
                <ButtonLink size="small" to={`/backup/copies/${run.snapshot}`}>
                  {t.run.toBackup}
                </ButtonLink>
              )}
            </div>
            {resume.isError && <ProblemBox problem={resume.error} />}
          </Notice>
        ) : (
          <RunProgress run={run} />
        )}
        <Facts
          items={[
            [t.run.by, run.started_by === "schedule" ? runs.bySchedule : runs.by(run.started_by)],
            [t.run.asked, time(run.queued)],
            [t.run.started, time(run.started)],
            [t.run.ended, time(run.ended)],
          ]}
        />
        {technician && run.error !== null && <p className={list["mono"]}>{run.error.code}</p>}
        {technician && run.options !== null && <p className={list["mono"]}>{JSON.stringify(run.options)}</p>}
      </Card>
      {run.kind === "backup" && ended && made && <QueryState query={result}>{(data) => <BackupResultCard result={data} />}</QueryState>}
    </>
  );
}
