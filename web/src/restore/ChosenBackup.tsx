import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useSearchParams } from "wouter";
import type { Snapshot } from "@/api/client";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { DataTable } from "@/ui/DataTable";
import { Dialog } from "@/ui/Dialog";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { ProblemBox } from "@/ui/ProblemBox";
import { Loading } from "@/ui/QueryState";
import { allSnapshotsQuery, isGood, snapshotQuery } from "./api";
import { byWorth } from "./backups";
import { sizeOf, SnapshotState } from "./SnapshotState";
import styles from "./restore.module.css";

interface ChosenBackupProps {
  needs: (snapshot: Snapshot) => boolean;
  /** Of those that will do, rather one of these. */
  prefers?: (snapshot: Snapshot) => boolean;
  children: (snapshot: Snapshot) => ReactNode;
}

/**
 * The backup a screen restores from: the newest good one that has what the screen needs, or the one in the address
 * (?backup=ID), where others can lead to and a reload finds it again. children: what is done with it.
 */
export function ChosenBackup({ needs, prefers, children }: ChosenBackupProps) {
  const { restore } = useTexts();
  const t = restore.backup;
  const list = useInfiniteQuery(allSnapshotsQuery);
  const [search, setSearch] = useSearchParams();
  const wanted = search.get("backup");
  const asked = useQuery({ ...snapshotQuery(wanted ?? ""), enabled: wanted !== null });
  const usable = (list.data?.pages ?? []).flatMap((page) => page.snapshots).filter(needs);
  const worth = byWorth(usable);
  const best = (prefers && worth.filter(isGood).find(prefers)) ?? worth[0];
  const chosen = wanted === null ? best : asked.data;
  if (wanted !== null && asked.isError) return <ProblemBox problem={asked.error} onTryAgain={() => { setSearch({}); }} />;
  if (chosen === undefined) {
    if (list.isError) return <ProblemBox problem={list.error} onTryAgain={() => void list.refetch()} />;
    if (list.isPending || list.hasNextPage || (wanted !== null && asked.isPending)) return <Loading />;
    return <Notice tone="warn" title={(list.data.pages[0]?.total ?? 0) === 0 ? t.none : t.noneOfKind} />;
  }
  const choose = (snapshot: Snapshot) => {
    setSearch((before) => {
      if (snapshot.id === best?.id) before.delete("backup");
      else before.set("backup", snapshot.id);
      return before;
    });
  };
  return (
    <>
      <Choice snapshot={chosen} isBest={chosen.id === best?.id} usable={usable} onChoose={choose} more={list.hasNextPage ? () => void list.fetchNextPage() : null} />
      {children(chosen)}
    </>
  );
}

interface ChoiceProps {
  snapshot: Snapshot;
  isBest: boolean;
  usable: Snapshot[];
  onChoose: (snapshot: Snapshot) => void;
  more: (() => void) | null;
}

function Choice({ snapshot, isBest, usable, onChoose, more }: ChoiceProps) {
  const { restore, common } = useTexts();
  const t = restore.backup;
  const format = useFormat();
  const [choosing, setChoosing] = useState(false);
  return (
    <Card
      title={t.title}
      actions={
        <Button size="small" onPress={() => { setChoosing(true); }}>
          {t.another}
        </Button>
      }
    >
      <div className={styles["chosen"]}>
        <strong>{format.when(snapshot.time)}</strong>
        <span className={styles["soft"]}>{isBest && isGood(snapshot) ? t.newestGood : t.chosen}</span>
        <SnapshotState snapshot={snapshot} />
      </div>
      <Doubts snapshot={snapshot} />
      <Dialog
        wide
        isOpen={choosing}
        onClose={() => { setChoosing(false); }}
        title={t.dialog}
        buttons={<Button onPress={() => { setChoosing(false); }}>{common.cancel}</Button>}
      >
        <DataTable
          caption={t.dialog}
          empty={t.none}
          rows={usable}
          rowKey={(row) => row.id}
          columns={[
            { key: "when", title: t.columns.when, isHeader: true, cell: (row) => format.when(row.time) },
            { key: "state", title: t.columns.state, cell: (row) => <SnapshotState snapshot={row} /> },
            { key: "size", title: t.columns.size, numeric: true, cell: (row) => sizeText(row, format.bytes.bind(format)) },
            {
              key: "choose",
              title: t.columns.action,
              hideTitle: true,
              numeric: true,
              cell: (row) => (
                <Button
                  size="small"
                  aria-label={`${t.choose}: ${format.dateTime(row.time)}`}
                  isDisabled={row.id === snapshot.id}
                  onPress={() => { onChoose(row); setChoosing(false); }}
                >
                  {t.choose}
                </Button>
              ),
            },
          ]}
        />
        {more && <Button look="quiet" onPress={more}>{t.loadMore}</Button>}
      </Dialog>
    </Card>
  );
}

function sizeText(snapshot: Snapshot, bytes: (n: number) => string): string {
  const size = sizeOf(snapshot);
  return size === null ? "" : bytes(size);
}

/** Why one might rather take another. */
export function Doubts({ snapshot }: { snapshot: Snapshot }) {
  const { restore } = useTexts();
  if (!snapshot.complete) return <Notice tone="warn" title={restore.backup.incompleteText} />;
  if (snapshot.drill?.passed === false) return <Notice tone="warn" title={restore.backup.failedText} />;
  return null;
}
