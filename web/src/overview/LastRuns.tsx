import { useQuery } from "@tanstack/react-query";
import type { Overview } from "@/api/client";
import { resultQuery } from "@/api/queries";
import type { DrillReport } from "@/api/results";
import { LastOutcome } from "@/runs/LastOutcome";
import { useTexts } from "@/texts";
import { ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Facts } from "@/ui/Facts";
import { useFormat } from "@/ui/format";
import list from "@/ui/List.module.css";
import { RunStateBadge } from "@/runs/RunStateBadge";

export function LastBackup({ overview }: { overview: Overview }) {
  const { overview: t, backup } = useTexts();
  return (
    <Card title={t.lastBackup.title}>
      {overview.last_backup === null ? <p className={list["soft"]}>{backup.list.empty}</p> : <LastOutcome run={overview.last_backup} />}
    </Card>
  );
}

export function LastDrill({ overview }: { overview: Overview }) {
  const { overview: t, drills, runs } = useTexts();
  const format = useFormat();
  const run = overview.last_drill;
  const { data } = useQuery({ ...resultQuery<DrillReport>(run?.id ?? 0), enabled: run !== null });
  return (
    <Card
      title={t.lastDrill.title}
      actions={
        run !== null && (
          <ButtonLink to={`/drills/${String(run.id)}`} size="small">
            {t.seeReport}
          </ButtonLink>
        )
      }
    >
      {run === null ? (
        <p className={list["soft"]}>{drills.list.empty}</p>
      ) : (
        <>
          <div className={list["row"]}>
            <RunStateBadge state={run.state} kind="drill" />
            <span>{format.when(run.ended ?? run.queued, overview.now)}</span>
          </div>
          {data && (
            <Facts
              items={[
                [drills.report.facts.records, format.count(data.rows)],
                [drills.report.facts.images, format.count(data.images)],
                [runs.result.took, format.duration(data.seconds_total)],
              ]}
            />
          )}
        </>
      )}
    </Card>
  );
}
