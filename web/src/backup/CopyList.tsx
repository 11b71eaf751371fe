import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import type { Snapshot } from "@/api/client";
import { snapshotsQuery } from "@/api/queries";
import { usePreferences } from "@/app/preferences";
import { useTexts } from "@/texts";
import { Badge } from "@/ui/Badge";
import { Card } from "@/ui/Card";
import { DataTable } from "@/ui/DataTable";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { Pager } from "@/ui/Pager";
import { QueryState } from "@/ui/QueryState";
import list from "@/ui/List.module.css";
import { figuresOf } from "./figures";

const PAGE = 20;

/** All backups there are, by pages. */
export function CopyList() {
  const { backup: t } = useTexts();
  const [skip, setSkip] = useState(0);
  const query = useQuery({ ...snapshotsQuery({ skip, limit: PAGE }), placeholderData: keepPreviousData });
  return (
    <Card title={t.list.title}>
      <QueryState query={query}>
        {({ snapshots, total, damaged }) => (
          <>
            {damaged.length > 0 && (
              <Notice tone="bad" title={t.list.damaged}>
                <ul className={list["bullets"]}>
                  {damaged.map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              </Notice>
            )}
            <CopyTable snapshots={snapshots} />
            <Pager skip={skip} shown={snapshots.length} limit={PAGE} total={total} onSkip={setSkip} />
          </>
        )}
      </QueryState>
    </Card>
  );
}

function CopyTable({ snapshots }: { snapshots: Snapshot[] }) {
  const { backup: t } = useTexts();
  const { technician } = usePreferences();
  const format = useFormat();
  return (
    <DataTable
      caption={t.list.caption}
      empty={t.list.empty}
      rows={snapshots}
      rowKey={(snapshot) => snapshot.id}
      columns={[
        {
          key: "when",
          title: t.list.when,
          isHeader: true,
          cell: (snapshot) => (
            <>
              <Link href={`/backup/copies/${snapshot.id}`}>{format.when(snapshot.time)}</Link>
              {technician && (
                <>
                  {" "}
                  <span className={list["mono"]}>{snapshot.short_id}</span>
                </>
              )}
            </>
          ),
        },
        { key: "state", title: t.list.state, cell: (snapshot) => <CopyBadges snapshot={snapshot} /> },
        {
          key: "size",
          title: t.list.size,
          numeric: true,
          cell: (snapshot) => {
            const { bytes } = figuresOf(snapshot);
            return bytes === null ? "" : format.bytes(bytes);
          },
        },
        {
          key: "changed",
          title: t.list.changed,
          numeric: true,
          cell: (snapshot) => {
            const { changed, added } = figuresOf(snapshot);
            return changed === null || added === null ? "" : `${t.list.files(changed, format.count(changed))}, ${format.bytes(added)}`;
          },
        },
      ]}
    />
  );
}

export function CopyBadges({ snapshot }: { snapshot: Snapshot }) {
  const { backup: t } = useTexts();
  return (
    <span className={list["row"]}>
      {snapshot.complete ? (
        <Badge tone="good" icon="check">
          {t.list.complete}
        </Badge>
      ) : (
        <Badge tone="warn" icon="warning">
          {t.list.incomplete}
        </Badge>
      )}
      {snapshot.drill !== null &&
        (snapshot.drill.passed ? (
          <Badge tone="good" icon="drill">
            {t.list.proven}
          </Badge>
        ) : (
          <Badge tone="bad" icon="alert">
            {t.list.notProven}
          </Badge>
        ))}
    </span>
  );
}
