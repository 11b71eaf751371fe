import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { api, ask, type Run, type RunKind } from "@/api/client";
import { keys } from "@/api/queries";
import { RunStateBadge } from "@/runs/RunStateBadge";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { DataTable } from "@/ui/DataTable";
import { useFormat } from "@/ui/format";
import { Page } from "@/ui/Page";
import { ProblemBox } from "@/ui/ProblemBox";
import { Loading } from "@/ui/QueryState";
import { Select } from "@/ui/fields";
import list from "@/ui/List.module.css";
import { BackupNav } from "./BackupNav";

const PAGE = 30;
const kinds = ["backup", "drill", "restore", "forget", "check"] as const;

/** Where a run is shown whole. */
export function pathOfRun(run: Pick<Run, "id" | "kind">): string {
  return run.kind === "drill" ? `/drills/${String(run.id)}` : `/backup/runs/${String(run.id)}`;
}

/** Everything that was done, whoever asked for it. */
export function HistoryScreen() {
  const { backup: t, runs, common } = useTexts();
  const [kind, setKind] = useState<RunKind | "all">("all");
  const query = useInfiniteQuery({
    queryKey: [...keys.runs, "history", kind],
    queryFn: ({ pageParam }) =>
      ask(
        api.GET("/api/v1/runs", {
          params: { query: { limit: PAGE, ...(kind === "all" ? {} : { kind }), ...(pageParam === null ? {} : { before: pageParam }) } },
        }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_before,
  });
  const rows = query.data?.pages.flatMap((page) => page.runs) ?? [];
  return (
    <Page title={t.title}>
      <BackupNav />
      <Card
        title={t.history.title}
        actions={
          <Select<RunKind | "all">
            label={t.history.filter}
            value={kind}
            onChange={setKind}
            options={[{ value: "all", label: t.history.all }, ...kinds.map((value) => ({ value, label: runs.kinds[value] ?? value }))]}
          />
        }
      >
        {query.isError && <ProblemBox problem={query.error} onTryAgain={() => void query.refetch()} />}
        {query.isPending ? <Loading /> : <RunTable runs={rows} />}
        {query.hasNextPage && (
          <div className={list["row"]}>
            <Button isDisabled={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
              {common.more}
            </Button>
          </div>
        )}
      </Card>
    </Page>
  );
}

function RunTable({ runs: rows }: { runs: Run[] }) {
  const { backup: t, runs } = useTexts();
  const format = useFormat();
  const seconds = (run: Run) => (run.started === null || run.ended === null ? null : (Date.parse(run.ended) - Date.parse(run.started)) / 1000);
  return (
    <DataTable
      caption={t.history.caption}
      empty={t.history.empty}
      rows={rows}
      rowKey={(run) => run.id}
      columns={[
        {
          key: "what",
          title: t.history.what,
          isHeader: true,
          cell: (run) => <Link href={pathOfRun(run)}>{runs.kinds[run.kind] ?? run.kind}</Link>,
        },
        { key: "when", title: t.history.when, cell: (run) => format.when(run.started ?? run.queued) },
        { key: "state", title: t.history.state, cell: (run) => <RunStateBadge state={run.state} kind={run.kind} /> },
        {
          key: "took",
          title: t.history.took,
          numeric: true,
          cell: (run) => {
            const took = seconds(run);
            return took === null ? "" : format.duration(took);
          },
        },
        { key: "who", title: t.history.who, cell: (run) => (run.started_by === "schedule" ? runs.bySchedule : runs.by(run.started_by)) },
      ]}
    />
  );
}
