import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useLocation } from "wouter";
import type { Schemas, Snapshot } from "@/api/client";
import { useTexts } from "@/texts";
import { Button, ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { DataTable } from "@/ui/DataTable";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { QueryState } from "@/ui/QueryState";
import { TextField } from "@/ui/fields";
import { hasDatabase, tablesQuery } from "./api";
import { ChosenBackup } from "./ChosenBackup";
import { CopyStep } from "./CopyStep";
import styles from "./restore.module.css";

type Table = Schemas["Tables"]["tables"][number];

const SHOWN_STEP = 50;

export function TableScreen() {
  const { restore } = useTexts();
  const t = restore.table;
  return (
    <Page title={t.title} intro={t.intro} actions={<ButtonLink to="/restore" icon="left">{restore.run.back}</ButtonLink>}>
      <ChosenBackup needs={hasDatabase}>{(snapshot) => <Tables key={snapshot.id} snapshot={snapshot} />}</ChosenBackup>
    </Page>
  );
}

function Tables({ snapshot }: { snapshot: Snapshot }) {
  const { restore } = useTexts();
  const t = restore.table;
  const [, navigate] = useLocation();
  const [chosen, setChosen] = useState<string | null>(null);
  const query = useQuery(tablesQuery(snapshot.id));
  if (chosen !== null)
    return (
      <>
        <div>
          <Button icon="left" onPress={() => { setChosen(null); }}>
            {t.back}
          </Button>
        </div>
        <CopyStep snapshot={snapshot} table={chosen} onStarted={(run) => { navigate(`/restore/runs/${String(run)}`); }} />
      </>
    );
  return <QueryState query={query}>{(data) => <List tables={data.tables} onLook={setChosen} />}</QueryState>;
}

function List({ tables, onLook }: { tables: Table[]; onLook: (name: string) => void }) {
  const { restore, common } = useTexts();
  const t = restore.table;
  const format = useFormat();
  const [search, setSearch] = useState("");
  const [shown, setShown] = useState(SHOWN_STEP);
  const wanted = useDeferredValue(search.trim().toLowerCase());
  const found = tables.filter((table) => table.name.toLowerCase().includes(wanted));
  return (
    <Card title={t.list}>
      <TextField type="search" label={t.search} value={search} onChange={(next) => { setSearch(next); setShown(SHOWN_STEP); }} autoComplete="off" />
      <DataTable
        caption={t.list}
        empty={t.none}
        rows={found.slice(0, shown)}
        rowKey={(row) => row.name}
        columns={[
          {
            key: "name",
            title: t.columns.name,
            isHeader: true,
            cell: (row) => (
              <>
                {row.name}
                {row.error !== null && <div className={styles["bad"]}>{t.damaged}</div>}
              </>
            ),
          },
          { key: "rows", title: t.columns.rows, numeric: true, cell: (row) => format.count(row.rows) },
          { key: "size", title: t.columns.size, numeric: true, cell: (row) => format.bytes(row.bytes) },
          {
            key: "action",
            title: t.columns.action,
            hideTitle: true,
            numeric: true,
            cell: (row) => (
              <Button size="small" aria-label={`${t.look}: ${row.name}`} isDisabled={row.error !== null} onPress={() => { onLook(row.name); }}>
                {t.look}
              </Button>
            ),
          },
        ]}
      />
      {found.length > shown && <Button look="quiet" onPress={() => { setShown(shown + SHOWN_STEP * 4); }}>{common.more}</Button>}
      {tables.length === 0 && <Notice tone="neutral" title={t.none} />}
    </Card>
  );
}
