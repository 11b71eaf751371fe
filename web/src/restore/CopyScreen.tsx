import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTexts } from "@/texts";
import { Button, ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { CommandLine } from "@/ui/CommandLine";
import { DataTable } from "@/ui/DataTable";
import { Facts } from "@/ui/Facts";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { ProblemBox } from "@/ui/ProblemBox";
import { QueryState } from "@/ui/QueryState";
import { Toggle } from "@/ui/fields";
import { comparisonQuery, databasesQuery, mayUndo, type ComparedTable, type Comparison, type Versions } from "./api";
import { GoLiveDialog, UndoDialog } from "./GoLiveDialogs";
import styles from "./restore.module.css";

/** A restored copy beside the database in use: what differs, and the separate step that swaps the two. */
export function CopyScreen({ name }: { name: string }) {
  const { restore } = useTexts();
  const t = restore.copy;
  const databases = useQuery(databasesQuery);
  const entry = databases.data?.databases.find((row) => row.name === name);
  const comparison = useQuery({ ...comparisonQuery(name), enabled: entry !== undefined && entry.kind !== "live" });
  return (
    <Page
      title={t.title(name)}
      intro={databases.data && t.intro(databases.data.live)}
      actions={<ButtonLink to="/restore" icon="left">{restore.run.back}</ButtonLink>}
    >
      {databases.isError && <ProblemBox problem={databases.error} onTryAgain={() => void databases.refetch()} />}
      {databases.data && entry === undefined && <Notice tone="warn" title={t.notFound} />}
      {entry !== undefined && mayUndo(entry) && databases.data && <Undo live={databases.data.live} aside={name} run={entry.undo} />}
      {entry !== undefined && entry.kind !== "live" && (
        <QueryState query={comparison}>{(data) => <Compared comparison={data} mayGoLive={entry.kind === "restored"} />}</QueryState>
      )}
    </Page>
  );
}

function Undo({ live, aside, run }: { live: string; aside: string; run: number | null }) {
  const { restore } = useTexts();
  const [asking, setAsking] = useState(false);
  return (
    <Notice tone="neutral" title={restore.copy.undoText}>
      <div>
        <Button onPress={() => { setAsking(true); }}>{restore.copy.openUndo}</Button>
      </div>
      {asking && <UndoDialog live={live} aside={aside} run={run} onClose={() => { setAsking(false); }} />}
    </Notice>
  );
}

function Compared({ comparison, mayGoLive }: { comparison: Comparison; mayGoLive: boolean }) {
  const { restore, common } = useTexts();
  const t = restore.copy;
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const moment = (value: string | null) => (value === null ? common.unknown : format.dateTime(value));
  const version = (value: Versions) => t.version(value.program ?? common.unknown, value.database ?? common.unknown);
  return (
    <>
      {comparison.blockers.length > 0 && <Sentences tone="bad" title={t.blockers} sentences={comparison.blockers} />}
      {comparison.warnings.length > 0 && <Sentences tone="warn" title={t.warnings} sentences={comparison.warnings} />}
      <Card title={t.compared}>
        <Facts
          items={[
            [t.facts.liveLog, moment(comparison.live_newest_log)],
            [t.facts.copyLog, moment(comparison.copy_newest_log)],
            [t.facts.liveVersion, version(comparison.live_versions)],
            [t.facts.copyVersion, version(comparison.copy_versions)],
          ]}
        />
        <Counts tables={comparison.tables} />
      </Card>
      <Card title={t.how}>
        <p>{t.howText}</p>
      </Card>
      {mayGoLive && (
        <Card title={restore.run.titles["go_live"]}>
          <p>{t.makeLiveText}</p>
          <div>
            <Button look="danger" isDisabled={comparison.blockers.length > 0} onPress={() => { setAsking(true); }}>
              {t.makeLive}
            </Button>
          </div>
          <CommandLine words={["enamel", "go-live", "--from", comparison.copy]} />
        </Card>
      )}
      {asking && <GoLiveDialog comparison={comparison} onClose={() => { setAsking(false); }} />}
    </>
  );
}

function Sentences({ tone, title, sentences }: { tone: "warn" | "bad"; title: string; sentences: string[] }) {
  return (
    <Notice tone={tone} title={title}>
      <ul className={styles["bullets"]}>
        {sentences.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </Notice>
  );
}

export function differs(table: ComparedTable): boolean {
  return table.live_rows !== table.copy_rows;
}

function Counts({ tables }: { tables: ComparedTable[] }) {
  const { restore } = useTexts();
  const t = restore.copy;
  const format = useFormat();
  const different = tables.filter(differs);
  const [all, setAll] = useState(false);
  const count = (rows: number | null) => (rows === null ? t.missing : format.count(rows));
  const difference = (table: ComparedTable) => {
    const by = (table.copy_rows ?? 0) - (table.live_rows ?? 0);
    if (!differs(table)) return t.equal;
    return by < 0 ? t.fewer(format.count(-by)) : t.more(format.count(by));
  };
  return (
    <>
      <div className={styles["between"]}>
        <p>{different.length === 0 ? t.same(format.count(tables.length)) : t.differ(format.count(different.length), format.count(tables.length))}</p>
        <Toggle label={t.onlyDifferent} isSelected={!all} onChange={(only) => { setAll(!only); }} />
      </div>
      {(all || different.length > 0) && (
        <DataTable
          caption={t.compared}
          empty={t.same(format.count(tables.length))}
          rows={all ? tables : different}
          rowKey={(row) => row.name}
          columns={[
            { key: "table", title: t.columns.table, isHeader: true, cell: (row) => row.name },
            { key: "live", title: t.columns.live, numeric: true, cell: (row) => count(row.live_rows) },
            { key: "copy", title: t.columns.copy, numeric: true, cell: (row) => count(row.copy_rows) },
            {
              key: "difference",
              title: t.columns.difference,
              numeric: true,
              cell: (row) => <span className={differs(row) ? styles["differs"] : styles["soft"]}>{difference(row)}</span>,
            },
          ]}
        />
      )}
    </>
  );
}
