import { useEffect, useRef, useState } from "react";
import type { Run } from "@/api/client";
import { usePreferences } from "@/app/preferences";
import { useTexts } from "@/texts";
import { useFormat } from "@/ui/format";
import { ProgressBar } from "@/ui/ProgressBar";
import { CancelRun } from "./CancelRun";
import { fractionOf, secondsLeft, SpeedMeter } from "./progress";
import styles from "./runs.module.css";

/** All that is at work or waits, with its progress; nothing when nothing is. */
export function RunningCard({ active }: { active: Run[] }) {
  const { overview } = useTexts();
  if (active.length === 0) return null;
  return (
    <section className={styles["running"]} aria-label={overview.active.title}>
      {active.map((run) => (
        <RunProgress key={run.id} run={run} />
      ))}
    </section>
  );
}

function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, everyMs);
    return () => {
      clearInterval(timer);
    };
  }, [everyMs]);
  return now;
}

function useSpeed(run: Run): number | null {
  const meter = useRef(new SpeedMeter());
  const [speed, setSpeed] = useState<number | null>(null);
  const bytes = run.progress.bytes_done;
  useEffect(() => {
    meter.current.add(performance.now(), bytes);
    setSpeed(meter.current.bytesPerSecond());
  }, [bytes]);
  return speed;
}

export function RunProgress({ run }: { run: Run }) {
  const { runs } = useTexts();
  const { technician } = usePreferences();
  const format = useFormat();
  const now = useNow(1000);
  const speed = useSpeed(run);
  const kind = runs.kinds[run.kind] ?? run.kind;
  const { progress } = run;
  const isQueued = run.state === "queued";
  const phase = isQueued ? runs.progress.queued : (runs.phases[progress.phase] ?? (progress.phase || runs.progress.starting));
  const left = secondsLeft(progress, speed);
  const fraction = isQueued ? 0 : fractionOf(progress);
  const amount = (done: number, total: number, show: (n: number) => string) =>
    total > 0 ? runs.progress.of(show(done), show(total)) : show(done);
  const count = (n: number) => format.count(n);
  const running = run.started === null ? null : Math.max(0, Math.round((now - Date.parse(run.started)) / 1000));
  return (
    <div className={styles["run"]}>
      <div className={styles["runHead"]}>
        <div>
          <span className={styles["runTitle"]}>{kind}</span> <span className={styles["phase"]}>{phase}</span>
        </div>
        <CancelRun run={run} />
      </div>
      <ProgressBar
        label={runs.progress.label(kind)}
        value={fraction}
        text={fraction === null ? phase : `${String(Math.floor(fraction * 100))} %`}
      />
      {!isQueued && (
        <dl className={styles["figures"]}>
          {progress.bytes_done > 0 && (
            <div>
              <dt>{runs.progress.data}</dt>
              <dd>{amount(progress.bytes_done, progress.bytes_total, (n) => format.bytes(n))}</dd>
            </div>
          )}
          {(progress.tables_total > 0 || progress.tables_done > 0) && (
            <div>
              <dt>{runs.progress.tables}</dt>
              <dd>{amount(progress.tables_done, progress.tables_total, count)}</dd>
            </div>
          )}
          {(progress.files_total > 0 || progress.files_done > 0) && (
            <div>
              <dt>{runs.progress.files}</dt>
              <dd>{amount(progress.files_done, progress.files_total, count)}</dd>
            </div>
          )}
          {speed !== null && speed > 0 && (
            <div>
              <dt>{runs.progress.speed}</dt>
              <dd>{runs.progress.perSecond(format.bytes(speed))}</dd>
            </div>
          )}
          {running !== null && (
            <div>
              <dt>{runs.progress.running}</dt>
              <dd>{format.duration(Math.max(1, running))}</dd>
            </div>
          )}
          {left !== null && (
            <div>
              <dt>{runs.progress.left}</dt>
              <dd>{format.duration(Math.max(1, Math.round(left)))}</dd>
            </div>
          )}
        </dl>
      )}
      {technician && progress.current !== "" && <div className={styles["current"]}>{progress.current}</div>}
    </div>
  );
}
