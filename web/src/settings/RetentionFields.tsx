import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useTexts } from "@/texts";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { ProblemBox } from "@/ui/ProblemBox";
import { Loading } from "@/ui/QueryState";
import { NumberField } from "@/ui/fields";
import { previewQuery, type Retention } from "./api";
import { RetentionDays } from "./RetentionDays";
import styles from "./settings.module.css";

const rules = ["keep_last", "keep_hourly", "keep_daily", "keep_weekly", "keep_monthly", "keep_yearly"] as const;
const COUNT_MAX = 100_000;

/** How many backups are kept, and at once the days that one could go back to with these rules. */
export function RetentionFields({ value, onChange, preview }: { value: Retention; onChange: (value: Retention) => void; preview: boolean }) {
  const { settings } = useTexts();
  const t = settings.retention;
  const keepsAll = rules.every((rule) => value[rule] === 0);
  return (
    <>
      <div className={styles["numbers"]}>
        {rules.map((rule) => (
          <NumberField
            key={rule}
            label={t.rules[rule]}
            value={value[rule]}
            minValue={0}
            maxValue={COUNT_MAX}
            onChange={(next) => { onChange({ ...value, [rule]: Number.isFinite(next) ? next : 0 }); }}
          />
        ))}
      </div>
      {keepsAll && <Notice tone="neutral" title={t.keepsAll} />}
      {preview && <Preview value={value} />}
    </>
  );
}

function Preview({ value }: { value: Retention }) {
  const { settings } = useTexts();
  const t = settings.retention;
  const format = useFormat();
  const rulesShown = useDeferredValue(value);
  const query = useQuery(previewQuery(rulesShown));
  const [today] = useState(() => format.dayKey(new Date()));
  if (query.isError) return <ProblemBox problem={query.error} onTryAgain={() => void query.refetch()} />;
  if (query.isPending) return <Loading />;
  const { kept, removed, days } = query.data;
  return (
    <section className={styles["preview"]} aria-label={t.preview} aria-live="polite">
      <h3>{t.preview}</h3>
      <p>{t.counts(format.count(kept.length), format.count(removed.length), days.length, format.count(days.length))}</p>
      {removed.length > 0 && <p className={styles["soft"]}>{t.removedText}</p>}
      {days.length > 0 && <RetentionDays days={days} today={today} removed={removed.map((item) => format.dayKey(item.time))} />}
    </section>
  );
}
