import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, ask, type Schedule } from "@/api/client";
import { keys, settingsQuery } from "@/api/queries";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { ProblemBox } from "@/ui/ProblemBox";
import { CheckboxField, TextField, Toggle } from "@/ui/fields";
import list from "@/ui/List.module.css";
import { tidyTimes, weekDays, type WeekDay } from "./schedule";
import styles from "./backup.module.css";

/** The sections of the settings that are schedules. */
export type ScheduleOf = "schedule" | "drills";

interface Draft {
  times: string[];
  days: WeekDay[];
  quiet: boolean;
  from: string;
  to: string;
}

function draftOf(schedule: Schedule): Draft {
  const [from = "", to = ""] = schedule.quiet_hours.split("-");
  return { times: schedule.times, days: schedule.days, quiet: from !== "", from: from || "22:00", to: to || "06:00" };
}

export function ScheduleForm({ of, schedule, onDone }: { of: ScheduleOf; schedule: Schedule; onDone: (saved: boolean) => void }) {
  const { backup, common } = useTexts();
  const t = backup.schedule;
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(schedule));
  const change = (part: Partial<Draft>) => { setDraft((before) => ({ ...before, ...part })); };
  const save = useMutation({
    mutationFn: () =>
      ask(
        api.PUT("/api/v1/settings", {
          body: {
            [of]: { times: tidyTimes(draft.times), days: draft.days, quiet_hours: draft.quiet ? `${draft.from}-${draft.to}` : "" },
          },
        }),
      ),
    onSuccess: (settings) => {
      client.setQueryData(settingsQuery.queryKey, settings);
      void client.invalidateQueries({ queryKey: keys.overview });
      onDone(true);
    },
  });
  return (
    <Form
      className={list["stack"] ?? ""}
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.days.length > 0) save.mutate();
      }}
    >
      <fieldset>
        <legend className={styles["legend"]}>{t.times}</legend>
        <Times times={draft.times} onChange={(times) => { change({ times }); }} />
      </fieldset>
      <fieldset>
        <legend className={styles["legend"]}>{t.days}</legend>
        <div className={styles["days"]}>
          {weekDays.map((day) => (
            <CheckboxField
              key={day}
              label={t.dayNames[day]}
              isSelected={draft.days.includes(day)}
              onChange={(on) => { change({ days: weekDays.filter((each) => (each === day ? on : draft.days.includes(each))) }); }}
            />
          ))}
        </div>
        {draft.days.length === 0 && <p role="alert">{t.oneDay}</p>}
      </fieldset>
      <Toggle label={t.useQuiet} description={t.quietText} isSelected={draft.quiet} onChange={(quiet) => { change({ quiet }); }} />
      {draft.quiet && (
        <div className={styles["times"]}>
          <TextField type="time" label={t.quietFrom} isRequired value={draft.from} onChange={(from) => { change({ from }); }} />
          <TextField type="time" label={t.quietTo} isRequired value={draft.to} onChange={(to) => { change({ to }); }} />
        </div>
      )}
      {save.isError && <ProblemBox problem={save.error} />}
      <div className={list["row"]}>
        <Button look="primary" type="submit" isDisabled={save.isPending || draft.days.length === 0}>
          {common.save}
        </Button>
        <Button onPress={() => { onDone(false); }}>{common.cancel}</Button>
      </div>
    </Form>
  );
}

function Times({ times, onChange }: { times: string[]; onChange: (times: string[]) => void }) {
  const { backup } = useTexts();
  const t = backup.schedule;
  return (
    <div className={styles["times"]}>
      {times.map((time, at) => (
        // Two rows may hold the same time while one types: only the place tells them apart.
        <div key={at} className={styles["time"]}>
          <TextField type="time" label={t.time(String(at + 1))} isRequired value={time} onChange={(value) => { onChange(times.map((other, i) => (i === at ? value : other))); }} />
          <Button look="quiet" icon="trash" iconOnly onPress={() => { onChange(times.filter((_, i) => i !== at)); }}>
            {t.removeTime(time)}
          </Button>
        </div>
      ))}
      <Button icon="plus" onPress={() => { onChange([...times, "12:00"]); }}>
        {t.addTime}
      </Button>
    </div>
  );
}
