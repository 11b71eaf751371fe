import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { CheckboxField, TextField } from "@/ui/fields";
import { weekdays, type Weekday } from "./api";
import styles from "./settings.module.css";

export interface ScheduleValue {
  times: string[];
  days: Weekday[];
  quiet_hours: string;
}

/** Times of the day, days of the week, and hours in which nothing begins. */
export function ScheduleFields({ value, onChange }: { value: ScheduleValue; onChange: (value: ScheduleValue) => void }) {
  const { settings } = useTexts();
  const t = settings.schedule;
  const setTime = (index: number, time: string) => {
    onChange({ ...value, times: value.times.map((other, at) => (at === index ? time : other)) });
  };
  const [from = "", to = ""] = value.quiet_hours.split("-");
  const setQuiet = (nextFrom: string, nextTo: string) => {
    onChange({ ...value, quiet_hours: nextFrom === "" && nextTo === "" ? "" : `${nextFrom}-${nextTo}` });
  };
  return (
    <>
      <fieldset className={styles["group"]}>
        <legend>{t.times}</legend>
        <div className={styles["times"]}>
          {value.times.map((time, index) => (
            <div key={index} className={styles["time"]}>
              <TextField type="time" aria-label={t.time(index + 1)} label={t.time(index + 1)} value={time} onChange={(next) => { setTime(index, next.slice(0, 5)); }} />
              <Button
                look="quiet"
                icon="trash"
                iconOnly
                onPress={() => { onChange({ ...value, times: value.times.filter((_, at) => at !== index) }); }}
              >
                {t.removeTime(index + 1)}
              </Button>
            </div>
          ))}
          <Button icon="plus" onPress={() => { onChange({ ...value, times: [...value.times, value.times.length === 0 ? "12:30" : "19:00"] }); }}>
            {t.addTime}
          </Button>
        </div>
        {value.times.length === 0 && <p className={styles["warn"]}>{t.noTimes}</p>}
      </fieldset>
      <fieldset className={styles["group"]}>
        <legend>{t.days}</legend>
        <div className={styles["days"]}>
          {weekdays.map((day) => (
            <CheckboxField
              key={day}
              label={t.dayNames[day]}
              isSelected={value.days.includes(day)}
              onChange={(on) => { onChange({ ...value, days: weekdays.filter((other) => (other === day ? on : value.days.includes(other))) }); }}
            />
          ))}
        </div>
        {value.days.length === 0 && <p className={styles["warn"]}>{t.noDays}</p>}
      </fieldset>
      <fieldset className={styles["group"]}>
        <legend>{t.quiet}</legend>
        <p className={styles["soft"]}>{t.quietText}</p>
        <div className={styles["times"]}>
          <TextField type="time" label={t.quietFrom} value={from} onChange={(next) => { setQuiet(next.slice(0, 5), to); }} />
          <TextField type="time" label={t.quietTo} value={to} onChange={(next) => { setQuiet(from, next.slice(0, 5)); }} />
          <Button look="quiet" isDisabled={value.quiet_hours === ""} onPress={() => { setQuiet("", ""); }}>
            {t.noQuiet}
          </Button>
        </div>
      </fieldset>
    </>
  );
}

export function isScheduleValid(value: ScheduleValue): boolean {
  const quiet = value.quiet_hours === "" || /^\d\d:\d\d-\d\d:\d\d$/.test(value.quiet_hours);
  return value.times.every((time) => /^\d\d:\d\d$/.test(time)) && value.days.length > 0 && quiet;
}
