import { useQuery } from "@tanstack/react-query";
import type { Run } from "@/api/client";
import { Problem } from "@/api/problem";
import { hasEnded, resultQuery, runQuery } from "@/api/queries";
import type { DrillReport } from "@/api/results";
import { useOutcome } from "@/runs/LastOutcome";
import { RunProgress } from "@/runs/RunningCard";
import { useTexts } from "@/texts";
import { Button, ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { sentence } from "@/ui/ProblemBox";
import { QueryState } from "@/ui/QueryState";
import { Report } from "./Report";

/** A drill's report, to be read and to be filed: it prints as a document. */
export function ReportScreen({ id }: { id: number }) {
  const { drills: t } = useTexts();
  const format = useFormat();
  const query = useQuery(runQuery(id));
  const ended = query.data?.ended ?? null;
  return (
    <Page
      title={t.report.title}
      intro={ended === null ? undefined : format.dateTime(ended)}
      actions={
        <>
          <ButtonLink to="/drills" look="quiet" icon="left">
            {t.report.all}
          </ButtonLink>
          <Button icon="print" onPress={() => { window.print(); }}>
            {t.report.print}
          </Button>
        </>
      }
    >
      <QueryState query={query}>{(run) => (hasEnded(run) ? <Ended run={run} /> : <Running run={run} />)}</QueryState>
    </Page>
  );
}

function Running({ run }: { run: Run }) {
  const { drills: t } = useTexts();
  return (
    <Card title={t.report.running}>
      <RunProgress run={run} />
    </Card>
  );
}

function Ended({ run }: { run: Run }) {
  const { drills: t } = useTexts();
  const query = useQuery(resultQuery<DrillReport>(run.id));
  const outcome = useOutcome(run);
  const noReport = query.error instanceof Problem && query.error.status === 404;
  if (!noReport) return <QueryState query={query}>{(report) => <Report run={run} report={report} />}</QueryState>;
  return (
    <Notice tone={outcome.tone} title={run.state === "failed" ? t.report.notMade : outcome.title}>
      {run.error !== null && <p>{sentence(run.error.message)}</p>}
      {run.error !== null && run.error.hint !== "" && <p>{sentence(run.error.hint)}</p>}
      <p>{t.report.none}</p>
    </Notice>
  );
}
