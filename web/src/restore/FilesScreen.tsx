import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "wouter";
import type { Snapshot } from "@/api/client";
import { Problem } from "@/api/problem";
import { useTexts } from "@/texts";
import { Button, ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { DataTable } from "@/ui/DataTable";
import { useFormat } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { ProblemBox } from "@/ui/ProblemBox";
import { Loading } from "@/ui/QueryState";
import { addresses, entriesQuery, hasImages, type Entry } from "./api";
import { ChosenBackup } from "./ChosenBackup";
import { DownloadLink } from "./DownloadLink";
import { crumbsOf, joined, plainPath } from "./paths";
import { RestoreToFolder } from "./RestoreToFolder";
import styles from "./restore.module.css";

export function FilesScreen() {
  const { restore } = useTexts();
  const t = restore.files;
  return (
    <Page title={t.title} intro={t.intro} actions={<ButtonLink to="/restore" icon="left">{restore.run.back}</ButtonLink>}>
      <ChosenBackup needs={() => true} prefers={hasImages}>{(snapshot) => <Browser snapshot={snapshot} />}</ChosenBackup>
    </Page>
  );
}

function Browser({ snapshot }: { snapshot: Snapshot }) {
  const { restore } = useTexts();
  const t = restore.files;
  const [search, setSearch] = useSearchParams();
  const [asking, setAsking] = useState(false);
  const path = search.get("path") ?? "/";
  const go = (next: string) => {
    setSearch((before) => {
      if (next === "/") before.delete("path");
      else before.set("path", next);
      return before;
    });
  };
  const crumbs = crumbsOf(path);
  const plain = plainPath(path);
  return (
    <Card
      title={crumbs.at(-1)?.name ?? t.top}
      actions={
        path !== "/" && (
          <Button size="small" icon="folder" isDisabled={plain === null} onPress={() => { setAsking(true); }}>
            {t.restoreThis}
          </Button>
        )
      }
    >
      <nav aria-label={t.path}>
        <ol className={styles["crumbs"]}>
          {[{ name: t.top, path: "/" }, ...crumbs].map((crumb, index) => (
            <li key={crumb.path}>
              {index === crumbs.length ? (
                <span aria-current="location">{crumb.name}</span>
              ) : (
                <Button look="quiet" size="small" onPress={() => { go(crumb.path); }}>
                  {crumb.name}
                </Button>
              )}
            </li>
          ))}
        </ol>
      </nav>
      <Entries key={`${snapshot.id} ${path}`} snapshot={snapshot.id} path={path} onOpen={go} />
      {asking && plain !== null && (
        <RestoreToFolder snapshot={snapshot} what={crumbs.at(-1)?.name ?? "backup"} only={[plain]} onClose={() => { setAsking(false); }} />
      )}
    </Card>
  );
}

function Entries({ snapshot, path, onOpen }: { snapshot: string; path: string; onOpen: (path: string) => void }) {
  const { restore } = useTexts();
  const t = restore.files;
  const format = useFormat();
  const query = useInfiniteQuery(entriesQuery(snapshot, path));
  if (query.isError && !query.data && query.error instanceof Problem && query.error.status === 404 && path !== "/")
    return (
      <Notice tone="warn" title={t.notHere}>
        <div>
          <Button size="small" onPress={() => { onOpen("/"); }}>
            {t.toTop}
          </Button>
        </div>
      </Notice>
    );
  if (query.isError && !query.data) return <ProblemBox problem={query.error} onTryAgain={() => void query.refetch()} />;
  if (query.isPending) return <Loading />;
  const entries = query.data.pages.flatMap((page) => page.entries);
  const name = (entry: Entry) =>
    entry.type === "dir" ? (
      <Button look="quiet" size="small" icon="folder" onPress={() => { onOpen(joined(path, entry.encoded_name)); }}>
        {entry.name}
      </Button>
    ) : (
      <span className={styles["fileName"]}>
        <Icon name="audit" size={16} />
        {entry.name}
      </span>
    );
  const action = (entry: Entry) => {
    const at = joined(path, entry.encoded_name);
    if (entry.type === "file") return <DownloadLink href={addresses.file(snapshot, at)} name={entry.name}>{t.save}</DownloadLink>;
    if (entry.type === "dir") return null;
    return <span className={styles["soft"]}>{t.kinds.other}</span>;
  };
  return (
    <>
      <DataTable
        caption={t.title}
        empty={t.empty}
        rows={entries}
        rowKey={(row) => row.encoded_name}
        columns={[
          { key: "name", title: t.columns.name, isHeader: true, cell: name },
          { key: "size", title: t.columns.size, numeric: true, cell: (row) => (row.size === null ? "" : format.bytes(row.size)) },
          { key: "modified", title: t.columns.modified, cell: (row) => format.dateTime(row.modified) },
          { key: "action", title: t.columns.action, hideTitle: true, numeric: true, cell: action },
        ]}
      />
      {query.isError && <ProblemBox problem={query.error} />}
      {query.hasNextPage && (
        <Button look="quiet" isDisabled={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
          {t.more(format.count(entries.length), format.count(query.data.pages[0]?.total ?? 0))}
        </Button>
      )}
    </>
  );
}
