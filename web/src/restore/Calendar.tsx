import { useRef, useState, type KeyboardEvent } from "react";
import { useLocale, useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { useFormat } from "@/ui/format";
import { monthBeside, monthGrid, type CalendarDay } from "./backups";
import styles from "./Calendar.module.css";

interface CalendarProps {
  /** "2026-11-29" */
  selected: string;
  onSelect: (day: string) => void;
  counts: ReadonlyMap<string, { backups: number; good: number }>;
  /** The practice's today; later days cannot be chosen. */
  today: string;
  /** Called with the month that comes into view. */
  onMonth: (month: string) => void;
}

/** A month whose days say which have good backups. The arrow keys go from day to day, across months. */
export function Calendar({ selected, onSelect, counts, today, onMonth }: CalendarProps) {
  const { restore } = useTexts();
  const t = restore.moment.calendar;
  const locale = useLocale();
  const format = useFormat();
  const [month, setMonth] = useState(selected.slice(0, 7));
  const grid = useRef<HTMLTableElement>(null);
  const weeks = monthGrid(month, counts, locale.startsWith("en-US") ? 0 : 1);
  const show = (next: string) => {
    setMonth(next);
    onMonth(next);
  };
  const name = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${month}-15T12:00:00Z`));
  const weekdays = (weeks[0] ?? []).map(({ day }) => ({
    short: new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" }).format(new Date(`${day}T12:00:00Z`)),
    long: new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" }).format(new Date(`${day}T12:00:00Z`)),
  }));
  const move = (event: KeyboardEvent, from: string) => {
    const steps: Record<string, number | undefined> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
    const by = steps[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = new Date(Date.parse(`${from}T12:00:00Z`) + by * 86_400_000).toISOString().slice(0, 10);
    if (next > today) return;
    onSelect(next);
    if (!next.startsWith(month)) show(next.slice(0, 7));
    requestAnimationFrame(() => grid.current?.querySelector<HTMLElement>(`[data-day="${next}"]`)?.focus());
  };
  const tabDay = selected.startsWith(month) ? selected : (weeks.flat().find((day) => day.inMonth)?.day ?? "");
  const describe = (day: CalendarDay) =>
    `${format.longDay(day.day)}: ${day.good > 0 ? t.good(day.good) : day.backups > 0 ? t.notGood(day.backups) : t.none}`;
  return (
    <div className={styles["calendar"]}>
      <div className={styles["head"]}>
        <Button size="small" look="quiet" icon="left" iconOnly onPress={() => { show(monthBeside(month, -1)); }}>
          {t.earlier}
        </Button>
        <strong aria-live="polite">{name}</strong>
        <Button size="small" look="quiet" icon="right" iconOnly isDisabled={month >= today.slice(0, 7)} onPress={() => { show(monthBeside(month, 1)); }}>
          {t.later}
        </Button>
      </div>
      <table ref={grid} aria-label={name}>
        <thead>
          <tr>
            {weekdays.map((day) => (
              <th key={day.long} scope="col" abbr={day.long}>
                {day.short}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((days) => (
            <tr key={days[0]?.day}>
              {days.map((day) => (
                <td key={day.day}>
                  {day.inMonth && (
                    <button
                      type="button"
                      data-day={day.day}
                      data-state={day.good > 0 ? "good" : day.backups > 0 ? "doubtful" : "none"}
                      aria-label={describe(day)}
                      aria-pressed={day.day === selected}
                      tabIndex={day.day === tabDay ? 0 : -1}
                      disabled={day.day > today}
                      onClick={() => { onSelect(day.day); }}
                      onKeyDown={(event) => { move(event, day.day); }}
                    >
                      {String(Number(day.day.slice(8)))}
                    </button>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <ul className={styles["legend"]}>
        <li data-state="good">{restore.moment.legend.good}</li>
        <li data-state="doubtful">{restore.moment.legend.notGood}</li>
      </ul>
    </div>
  );
}
