import { useLocale, useTexts } from "@/texts";
import { useFormat } from "@/ui/format";
import styles from "./RetentionDays.module.css";

const MONTHS_MAX = 24;

interface RetentionDaysProps {
  /** "2026-11-29", in any order. */
  days: string[];
  /** Days of which something is removed. */
  removed: string[];
  today: string;
}

/** The days one could go back to, a row a month, newest first; screen readers get them as words. */
export function RetentionDays({ days, removed, today }: RetentionDaysProps) {
  const { settings } = useTexts();
  const t = settings.retention;
  const format = useFormat();
  const locale = useLocale();
  const kept = new Set(days);
  const gone = new Set(removed.filter((day) => !kept.has(day)));
  const months = [...new Set([...days, ...gone].map((day) => day.slice(0, 7)))].sort().reverse();
  const monthName = (month: string) =>
    new Intl.DateTimeFormat(locale, { month: "short", year: "numeric", timeZone: "UTC" }).format(new Date(`${month}-15T12:00:00Z`));
  return (
    <>
      <div className={styles["months"]}>
        {months.slice(0, MONTHS_MAX).map((month) => {
          const inMonth = daysOf(month).filter((day) => day <= today);
          const keptHere = inMonth.filter((day) => kept.has(day));
          return (
            <div key={month} className={styles["month"]}>
              <span className={styles["name"]}>{monthName(month)}</span>
              <svg viewBox={`0 0 ${String(31 * 12)} 12`} className={styles["days"]} role="img" aria-label={`${monthName(month)}: ${keptHere.map((day) => format.shortDay(day)).join(", ") || t.noDay}`}>
                {inMonth.map((day, index) => (
                  <rect key={day} x={index * 12} width="10" height="10" y="1" rx="2" className={styles[kept.has(day) ? "kept" : gone.has(day) ? "gone" : "none"]}>
                    <title>{format.longDay(day)}</title>
                  </rect>
                ))}
              </svg>
            </div>
          );
        })}
      </div>
      <ul className={styles["legend"]}>
        <li data-what="kept">{t.legend.kept}</li>
        {gone.size > 0 && <li data-what="gone">{t.legend.gone}</li>}
        <li data-what="none">{t.legend.none}</li>
      </ul>
    </>
  );
}

function daysOf(month: string): string[] {
  const [year = 1970, number = 1] = month.split("-").map(Number);
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: count }, (_, index) => `${month}-${String(index + 1).padStart(2, "0")}`);
}
