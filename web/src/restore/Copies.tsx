import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTexts } from "@/texts";
import { Badge } from "@/ui/Badge";
import { Button, ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { DataTable } from "@/ui/DataTable";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { Loading } from "@/ui/QueryState";
import { databasesQuery, mayUndo, type Database } from "./api";
import { UndoDialog } from "./GoLiveDialogs";

/** What stands beside the database in use: copies to be looked at, and what was put aside. */
export function Copies() {
  const { restore, common } = useTexts();
  const t = restore.copies;
  const format = useFormat();
  const query = useQuery(databasesQuery);
  const [undoing, setUndoing] = useState<Database | null>(null);
  // The database may be down: that is when the rest of this screen is needed most.
  if (query.isError) return <Notice tone="neutral" title={t.unavailable} />;
  if (query.isPending) return <Loading />;
  const rows = query.data.databases.filter((row) => row.kind === "restored" || row.kind === "aside");
  return (
    <Card title={t.title}>
      <DataTable
        caption={t.title}
        empty={t.none}
        rows={rows}
        rowKey={(row) => row.name}
        columns={[
          { key: "name", title: t.columns.name, isHeader: true, cell: (row) => row.name },
          { key: "kind", title: t.columns.kind, cell: (row) => <Badge>{t.kinds[row.kind]}</Badge> },
          { key: "made", title: t.columns.made, cell: (row) => (row.made === null ? common.unknown : format.when(row.made)) },
          { key: "size", title: t.columns.size, numeric: true, cell: (row) => (row.bytes === null ? "" : format.bytes(row.bytes)) },
          {
            key: "action",
            title: t.columns.action,
            hideTitle: true,
            numeric: true,
            cell: (row) =>
              mayUndo(row) ? (
                <Button size="small" aria-label={`${t.undo}: ${row.name}`} onPress={() => { setUndoing(row); }}>
                  {restore.copy.openUndo}
                </Button>
              ) : row.kind === "restored" ? (
                <ButtonLink size="small" to={`/restore/copies/${row.name}`}>
                  {t.compare}
                  <span className="visually-hidden">{row.name}</span>
                </ButtonLink>
              ) : null,
          },
        ]}
      />
      {undoing !== null && (
        <UndoDialog live={query.data.live} aside={undoing.name} run={undoing.undo} onClose={() => { setUndoing(null); }} />
      )}
    </Card>
  );
}
