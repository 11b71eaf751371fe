import { useState } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { Link } from "wouter";
import type { Overview } from "@/api/client";
import { useTexts } from "@/texts";
import { useFormat } from "@/ui/format";
import { RunStateBadge } from "@/runs/RunStateBadge";
import { stateOfDay, type Day, type DayState } from "./days";
import styles from "./DayStrip.module.css";

const legend: DayState[] = ["drilled", "done", "warned", "missed", "none"];

/** A mark for each day; the arrow keys go along it, and the chosen day is spelled out below. */
export function DayStrip({ overview }: { overview: Overview }) {
  const { overview: t } = useTexts();
  const format = useFormat();
  const today = format.dayKey(overview.now);
  const [chosen, setChosen] = useState<string | null>(null);
  const day = overview.days.find((each) => each.day === chosen);
  const first = overview.days[0];
  const last = overview.days.at(-1);
  return (
    <div className={styles["strip"]}>
      <ToggleButtonGroup
        aria-label={t.strip.label}
        selectionMode="single"
        selectedKeys={chosen === null ? [] : [chosen]}
        onSelectionChange={(keys) => {
          const [key] = keys;
          setChosen(typeof key === "string" ? key : null);
        }}
        className={styles["days"] ?? ""}
      >
        {overview.days.map((each) => {
          const state = stateOfDay(each, today);
          return (
            <ToggleButton
              key={each.day}
              id={each.day}
              aria-label={`${format.longDay(each.day)}: ${t.strip.states[state]}`}
              className={`${styles["day"] ?? ""} ${styles[state] ?? ""}`}
            >
              <span className={styles["mark"]} />
            </ToggleButton>
          );
        })}
      </ToggleButtonGroup>
      <div className={styles["ends"]} aria-hidden="true">
        <span>{first && format.shortDay(first.day)}</span>
        <span>{last && (last.day === today ? t.strip.today : format.shortDay(last.day))}</span>
      </div>
      {day ? (
        <DayDetails day={day} state={stateOfDay(day, today)} />
      ) : (
        <ul className={styles["legend"]}>
          {legend.map((state) => (
            <li key={state}>
              <span className={`${styles["sample"] ?? ""} ${styles[state] ?? ""}`}>
                <span className={styles["mark"]} />
              </span>
              {t.strip.legend[state]}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function DayDetails({ day, state }: { day: Day; state: DayState }) {
  const { overview: t, runs } = useTexts();
  const format = useFormat();
  return (
    <div className={styles["details"]} role="status">
      <strong>{format.longDay(day.day)}</strong>
      {day.runs.length === 0 && <p>{state === "missed" ? t.strip.missed : t.strip.nothing}</p>}
      {day.runs.length > 0 && state === "missed" && <p>{t.strip.missed}</p>}
      <ul>
        {day.runs.map((run) => (
          <li key={run.id}>
            <Link href={run.kind === "drill" ? `/drills/${String(run.id)}` : `/backup/runs/${String(run.id)}`}>
              {runs.kinds[run.kind] ?? run.kind}
            </Link>
            <RunStateBadge state={run.state} kind={run.kind} />
          </li>
        ))}
      </ul>
    </div>
  );
}
