import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useLocation } from "wouter";
import type { Snapshot } from "@/api/client";
import { useTexts } from "@/texts";
import { Button, ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { ProblemBox } from "@/ui/ProblemBox";
import { Loading } from "@/ui/QueryState";
import { TextField } from "@/ui/fields";
import { allSnapshotsQuery, hasDatabase, useZone } from "./api";
import { byWorth, countByDay, instantOf, upTo } from "./backups";
import { Calendar } from "./Calendar";
import { Doubts } from "./ChosenBackup";
import { CopyStep } from "./CopyStep";
import { SnapshotState } from "./SnapshotState";
import { Steps } from "./Steps";
import styles from "./restore.module.css";

const SHOWN_MAX = 6;

/** Calendar -> backup -> name of the copy -> start. */
export function MomentScreen() {
  const { restore } = useTexts();
  const t = restore.moment;
  const list = useInfiniteQuery(allSnapshotsQuery);
  const usable = useMemo(() => (list.data?.pages ?? []).flatMap((page) => page.snapshots).filter(hasDatabase), [list.data]);
  return (
    <Page title={t.title} intro={t.intro} actions={<ButtonLink to="/restore" icon="left">{restore.run.back}</ButtonLink>}>
      {list.isError && <ProblemBox problem={list.error} onTryAgain={() => void list.refetch()} />}
      {list.isPending && <Loading />}
      {list.data && usable.length === 0 && !list.hasNextPage && <Notice tone="warn" title={restore.backup.none} />}
      {usable.length > 0 && <Way usable={usable} older={list.hasNextPage ? () => void list.fetchNextPage() : null} />}
    </Page>
  );
}

function Way({ usable, older }: { usable: Snapshot[]; older: (() => void) | null }) {
  const { restore } = useTexts();
  const t = restore.moment;
  const format = useFormat();
  const zone = useZone();
  const [, navigate] = useLocation();
  const [step, setStep] = useState(0);
  const today = format.dayKey(new Date());
  const [day, setDay] = useState(today);
  const [time, setTime] = useState("23:59");
  const [picked, setPicked] = useState<string | null>(null);
  const counts = useMemo(() => countByDay(usable, (moment) => format.dayKey(moment)), [usable, format]);
  const before = instantOf(day, time, zone);
  const candidates = useMemo(() => byWorth(upTo(usable, before + 59_999)), [usable, before]);
  const chosen = candidates.find((snapshot) => snapshot.id === picked) ?? candidates[0];
  const steps = [
    { key: "when", title: t.steps.when },
    { key: "copy", title: t.steps.copy },
  ];
  const oldestLoaded = format.dayKey(usable.at(-1)?.time ?? new Date());
  return (
    <>
      <Steps label={t.title} steps={steps} current={step} reachable={chosen === undefined ? 0 : 1} onStep={setStep} />
      {step === 0 && (
        <>
          <Card title={t.day}>
            <div className={styles["momentGrid"]}>
              <Calendar
                selected={day}
                onSelect={(next) => { setDay(next); setPicked(null); }}
                counts={counts}
                today={today}
                onMonth={(month) => { if (older && month <= oldestLoaded.slice(0, 7)) older(); }}
              />
              <div className={styles["column"]}>
                <TextField
                  type="time"
                  label={t.before}
                  description={t.beforeText}
                  value={time}
                  onChange={(next) => { if (/^\d\d:\d\d/.test(next)) { setTime(next.slice(0, 5)); setPicked(null); } }}
                />
                <Candidates candidates={candidates.slice(0, SHOWN_MAX)} chosen={chosen} onPick={setPicked} />
              </div>
            </div>
          </Card>
          <div>
            <Button look="primary" isDisabled={chosen === undefined} onPress={() => { setStep(1); }}>
              {t.toCopy}
            </Button>
          </div>
        </>
      )}
      {step === 1 && chosen && <CopyStep snapshot={chosen} onStarted={(run) => { navigate(`/restore/runs/${String(run)}`); }} />}
    </>
  );
}

function Candidates({ candidates, chosen, onPick }: { candidates: Snapshot[]; chosen: Snapshot | undefined; onPick: (id: string) => void }) {
  const { restore } = useTexts();
  const t = restore.moment;
  const format = useFormat();
  if (chosen === undefined) return <Notice tone="warn" urgent title={t.foundNone} />;
  return (
    <fieldset className={styles["candidates"]}>
      <legend>{t.found}</legend>
      {candidates.map((snapshot, index) => (
        <label key={snapshot.id} className={styles["candidate"]}>
          <input type="radio" name="backup" checked={snapshot.id === chosen.id} onChange={() => { onPick(snapshot.id); }} />
          <span>
            <strong>{format.when(snapshot.time)}</strong> {index === 0 && <span className={styles["soft"]}>{t.best}</span>}
            <SnapshotState snapshot={snapshot} />
          </span>
        </label>
      ))}
      <Doubts snapshot={chosen} />
    </fieldset>
  );
}
