import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { api, ask } from "@/api/client";
import { DownloadLink } from "@/restore/DownloadLink";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { DataTable } from "@/ui/DataTable";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { ProblemBox } from "@/ui/ProblemBox";
import { Loading, QueryState } from "@/ui/QueryState";
import { TextField } from "@/ui/fields";
import styles from "./AuditScreen.module.css";

const PAGE = 50;

/** Who did what; whether the log is whole; the log as a file. */
export function AuditScreen() {
  const { audit: t } = useTexts();
  const format = useFormat();
  const verdict = useQuery({ queryKey: ["audit", "verdict"], queryFn: () => ask(api.GET("/api/v1/audit/verdict")) });
  const [user, setUser] = useState("");
  const [action, setAction] = useState("");
  const filter = { ...(user.trim() === "" ? {} : { user: user.trim() }), ...(action.trim() === "" ? {} : { action: action.trim() }) };
  return (
    <Page
      title={t.title}
      intro={t.intro}
      actions={
        <>
          <DownloadLink href={exportAddress("csv", filter)}>{t.exportCsv}</DownloadLink>
          <DownloadLink href={exportAddress("json", filter)}>{t.exportJson}</DownloadLink>
        </>
      }
    >
      <QueryState query={verdict}>
        {({ whole, entries, finding }) => (
          <Notice tone={whole ? "good" : "bad"} title={whole ? t.whole(format.count(entries)) : t.broken}>
            {finding !== null && <p>{t.brokenAt(format.count(finding.sequence), finding.what)}</p>}
          </Notice>
        )}
      </QueryState>
      <Card title={t.list}>
        <div className={styles["filter"]}>
          <TextField type="search" label={t.user} value={user} onChange={setUser} autoComplete="off" maxLength={256} />
          <TextField type="search" label={t.action} value={action} onChange={setAction} autoComplete="off" maxLength={100} />
        </div>
        <Entries filter={filter} />
      </Card>
    </Page>
  );
}

function exportAddress(format: "csv" | "json", filter: Record<string, string>): string {
  return `/api/v1/audit/export?${new URLSearchParams({ format, ...filter }).toString()}`;
}

function Entries({ filter }: { filter: { user?: string; action?: string } }) {
  const { audit: t } = useTexts();
  const format = useFormat();
  const wanted = useDeferredValue(filter);
  const query = useInfiniteQuery({
    queryKey: ["audit", "entries", wanted.user ?? "", wanted.action ?? ""],
    queryFn: ({ pageParam }) =>
      ask(api.GET("/api/v1/audit", { params: { query: { ...wanted, limit: PAGE, ...(pageParam === null ? {} : { before: pageParam }) } } })),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next_before,
  });
  if (query.isError && !query.data) return <ProblemBox problem={query.error} onTryAgain={() => void query.refetch()} />;
  if (query.isPending) return <Loading />;
  return (
    <>
      <DataTable
        caption={t.list}
        empty={t.none}
        rows={query.data.pages.flatMap((page) => page.entries)}
        rowKey={(row) => row.sequence}
        columns={[
          { key: "when", title: t.columns.when, isHeader: true, cell: (row) => <span title={format.exactly(row.time)}>{format.when(row.time)}</span> },
          { key: "who", title: t.columns.who, cell: (row) => row.user },
          {
            key: "what",
            title: t.columns.what,
            cell: (row) => (
              <>
                {row.action}
                <div className={styles["object"]}>{[row.object, row.details].filter((text) => text !== "").join(" · ")}</div>
              </>
            ),
          },
          { key: "outcome", title: t.columns.outcome, cell: (row) => row.outcome },
          { key: "from", title: t.columns.from, cell: (row) => row.address },
        ]}
      />
      {query.hasNextPage && (
        <Button look="quiet" isDisabled={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
          {t.older}
        </Button>
      )}
    </>
  );
}
