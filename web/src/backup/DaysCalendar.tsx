import { useLocale, useTexts } from "@/texts";
import { useFormat } from "@/ui/format";
import { monthsBetween, type Month } from "./months";
import styles from "./DaysCalendar.module.css";

const MONTHS_MAX = 24;

interface DaysCalendarProps {
  /** Days "2026-11-29" that can be brought back. */
  kept: string[];
  /** Days that could be, and that the rules would remove. */
  lost: string[];
  today: string;
}

/** Months with the days marked one could go back to, newest first. */
export function DaysCalendar({ kept, lost, today }: DaysCalendarProps) {
  const { backup } = useTexts();
  const t = backup.keep;
  const first = [...kept, ...lost].sort()[0];
  if (first === undefined) return null;
  const months = monthsBetween(first, today, 0, MONTHS_MAX);
  const keptDays = new Set(kept);
  const lostDays = new Set(lost);
  return (
    <>
      <div className={styles["months"]}>
        {months.map((month) => (
          <MonthTable key={month.key} month={month} kept={keptDays} lost={lostDays} />
        ))}
      </div>
      <ul className={styles["legend"]}>
        <li>
          <span className={`${styles["sample"] ?? ""} ${styles["kept"] ?? ""}`} /> {t.legendKept}
        </li>
        {lost.length > 0 && (
          <li>
            <span className={`${styles["sample"] ?? ""} ${styles["lost"] ?? ""}`} /> {t.legendLost}
          </li>
        )}
      </ul>
    </>
  );
}

function MonthTable({ month, kept, lost }: { month: Month; kept: Set<string>; lost: Set<string> }) {
  const { backup } = useTexts();
  const locale = useLocale();
  const format = useFormat();
  const name = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${month.key}-15T12:00:00Z`));
  const weekday = new Intl.DateTimeFormat(locale, { weekday: "narrow", timeZone: "UTC" });
  const weekdayLong = new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" });
  const sunday = Date.UTC(2023, 0, 1);
  const heads = Array.from({ length: 7 }, (_, day) => new Date(sunday + day * 86_400_000));
  return (
    <table className={styles["month"]}>
      <caption>{name}</caption>
      <thead>
        <tr>
          {heads.map((day) => (
            <th key={day.getTime()} scope="col" abbr={weekdayLong.format(day)}>
              {weekday.format(day)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {month.weeks.map((week, at) => (
          <tr key={week.find((day) => day !== null) ?? at}>
            {week.map((day, column) => {
              if (day === null) return <td key={`none ${String(column)}`} />;
              const state = kept.has(day) ? "kept" : lost.has(day) ? "lost" : null;
              return (
                <td key={day}>
                  <span className={`${styles["day"] ?? ""} ${state === null ? "" : (styles[state] ?? "")}`}>
                    <span aria-hidden={state !== null}>{Number(day.slice(8))}</span>
                    {state !== null && (
                      <span className="visually-hidden">
                        {state === "kept" ? backup.keep.dayYes(format.longDay(day)) : backup.keep.dayLost(format.longDay(day))}
                      </span>
                    )}
                  </span>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
