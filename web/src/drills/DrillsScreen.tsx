import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, ask } from "@/api/client";
import { keys, overviewQuery } from "@/api/queries";
import { NextRuns } from "@/runs/NextRuns";
import { RunningCard } from "@/runs/RunningCard";
import { RunStateBadge } from "@/runs/RunStateBadge";
import { StartDrill } from "@/runs/StartDrill";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { CommandLine } from "@/ui/CommandLine";
import { DataTable } from "@/ui/DataTable";
import { useFormat } from "@/ui/format";
import { Page } from "@/ui/Page";
import { ProblemBox } from "@/ui/ProblemBox";
import { Loading } from "@/ui/QueryState";
import list from "@/ui/List.module.css";

const PAGE = 30;

export function DrillsScreen() {
  const { drills: t } = useTexts();
  const { data: overview } = useQuery(overviewQuery);
  const active = overview?.active ?? [];
  return (
    <Page title={t.title} intro={t.intro}>
      <Card title={t.start}>
        <div className={list["row"]}>
          <StartDrill active={active} look="primary" />
        </div>
        <NextRuns />
        <RunningCard active={active} />
        <CommandLine words={["enamel", "drill"]} />
      </Card>
      <DrillList />
    </Page>
  );
}

function DrillList() {
  const { drills: t, runs, common } = useTexts();
  const format = useFormat();
  const query = useInfiniteQuery({
    queryKey: [...keys.runs, "drills"],
    queryFn: ({ pageParam }) =>
      ask(api.GET("/api/v1/runs", { params: { query: { kind: "drill", limit: PAGE, ...(pageParam === null ? {} : { before: pageParam }) } } })),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_before,
  });
  return (
    <Card title={t.list.title}>
      {query.isError && <ProblemBox problem={query.error} onTryAgain={() => void query.refetch()} />}
      {query.isPending && <Loading />}
      {query.data && (
        <DataTable
          caption={t.list.caption}
          empty={t.list.empty}
          rows={query.data.pages.flatMap((page) => page.runs)}
          rowKey={(run) => run.id}
          columns={[
            {
              key: "when",
              title: t.list.when,
              isHeader: true,
              cell: (run) => <Link href={`/drills/${String(run.id)}`}>{format.when(run.started ?? run.queued)}</Link>,
            },
            { key: "result", title: t.list.result, cell: (run) => <RunStateBadge state={run.state} kind="drill" /> },
            {
              key: "took",
              title: t.list.took,
              numeric: true,
              cell: (run) =>
                run.started === null || run.ended === null ? "" : format.duration((Date.parse(run.ended) - Date.parse(run.started)) / 1000),
            },
            { key: "who", title: t.list.who, cell: (run) => (run.started_by === "schedule" ? runs.bySchedule : runs.by(run.started_by)) },
          ]}
        />
      )}
      {query.hasNextPage && (
        <div className={list["row"]}>
          <Button isDisabled={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
            {common.more}
          </Button>
        </div>
      )}
    </Card>
  );
}
