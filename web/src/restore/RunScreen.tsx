import { useQuery } from "@tanstack/react-query";
import type { Run } from "@/api/client";
import { hasEnded, resultQuery, runQuery } from "@/api/queries";
import { RunProgress } from "@/runs/RunningCard";
import { useTexts } from "@/texts";
import { ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Facts } from "@/ui/Facts";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { sentence } from "@/ui/ProblemBox";
import { QueryState } from "@/ui/QueryState";
import type { RestoreOptions, RestoreResult } from "./api";
import styles from "./restore.module.css";

/** A restore at work, and what came of it: where things are, how much, and what to do next. */
export function RunScreen({ id }: { id: number }) {
  const { restore } = useTexts();
  const t = restore.run;
  const format = useFormat();
  const query = useQuery(runQuery(id));
  const kind = query.data?.kind ?? "restore";
  return (
    <Page
      title={t.titles[kind] ?? t.title}
      intro={query.data && t.started(query.data.started_by, format.when(query.data.queued))}
      actions={<ButtonLink to="/restore" icon="left">{t.back}</ButtonLink>}
    >
      <QueryState query={query}>
        {(run) =>
          hasEnded(run) ? (
            <Outcome run={run} />
          ) : (
            <Card>
              <RunProgress run={run} />
            </Card>
          )
        }
      </QueryState>
    </Page>
  );
}

function Outcome({ run }: { run: Run }) {
  const { restore } = useTexts();
  const t = restore.run;
  const kind: string = run.kind;
  const swap = kind === "go_live" || kind === "undo";
  const title =
    run.state === "done"
      ? kind === "go_live" ? t.goLiveDone : kind === "undo" ? t.undoDone : t.done
      : run.state === "incomplete" ? t.incomplete
      : run.state === "cancelled" ? t.cancelled
      : swap ? t.goLiveFailed : t.failed;
  const tone = run.state === "done" ? "good" : run.state === "incomplete" ? "warn" : run.state === "cancelled" ? "neutral" : "bad";
  return (
    <>
      <Notice tone={tone} urgent title={title}>
        {run.error !== null && <p>{sentence(run.error.message)}</p>}
        {run.error !== null && run.error.hint !== "" && <p>{sentence(run.error.hint)}</p>}
        {kind === "go_live" && run.state === "done" && <p>{restore.copy.undoText}</p>}
      </Notice>
      {!swap && (run.state === "done" || run.state === "incomplete") && <WhereItIs run={run} />}
    </>
  );
}

function WhereItIs({ run }: { run: Run }) {
  const { restore, common } = useTexts();
  const t = restore.run;
  const format = useFormat();
  const query = useQuery(resultQuery<RestoreResult>(run.id));
  const options = (run.options ?? {}) as Partial<RestoreOptions>;
  const counts = (found: { files: number; bytes: number }) =>
    t.fileCounts(common.files(found.files, format.count(found.files)), format.bytes(found.bytes));
  return (
    <QueryState query={query}>
      {(result) => (
        <>
          <Card title={t.where}>
            <Facts
              wide
              items={[
                [t.database, result.database && <Place name={result.database.name} counts={t.databaseCounts(common.tables(result.database.tables, format.count(result.database.tables)), common.rows(result.database.rows, format.count(result.database.rows)))} />],
                [t.images, result.images && <Place name={options.images_to ?? ""} counts={counts(result.images)} />],
                [t.files, result.files && <Place name={options.files_to ?? ""} counts={counts(result.files)} />],
                [t.took, result.total_duration === undefined ? null : format.duration(result.total_duration)],
              ]}
            />
            {result.database && (
              <div>
                <ButtonLink look="primary" to={`/restore/copies/${result.database.name}`}>
                  {t.compare}
                </ButtonLink>
              </div>
            )}
          </Card>
          <Findings title={t.missing} tone="warn" lines={(result.errors ?? []).map((error) => `${error.path}: ${error.what}`)} />
          <Findings title={t.worthKnowing} tone="neutral" lines={result.warnings ?? []} />
          <Findings title={t.left} tone="warn" lines={result.what_is_left === undefined ? [] : [result.what_is_left]} />
        </>
      )}
    </QueryState>
  );
}

function Place({ name, counts }: { name: string; counts: string }) {
  return (
    <>
      <code>{name}</code>
      <div className={styles["soft"]}>{counts}</div>
    </>
  );
}

const SHOWN_MAX = 100;

function Findings({ title, tone, lines }: { title: string; tone: "warn" | "neutral"; lines: string[] }) {
  if (lines.length === 0) return null;
  return (
    <Notice tone={tone} title={title}>
      <ul className={styles["bullets"]}>
        {lines.slice(0, SHOWN_MAX).map((line) => (
          <li key={line}>{sentence(line)}</li>
        ))}
      </ul>
    </Notice>
  );
}
