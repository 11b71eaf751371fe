import { useState } from "react";
import { useTexts } from "@/texts";
import { Card } from "@/ui/Card";
import { NumberField, TextField } from "@/ui/fields";
import { useSaveSettings, type Settings } from "./api";
import { RetentionFields } from "./RetentionFields";
import { SaveBar } from "./SaveBar";
import { isScheduleValid, ScheduleFields, type ScheduleValue } from "./ScheduleFields";

/** When backups are made. */
export function ScheduleSection({ settings }: { settings: Settings }) {
  const { settings: texts } = useTexts();
  const save = useSaveSettings();
  const [value, setValue] = useState<ScheduleValue>(settings.schedule);
  return (
    <Card title={texts.schedule.title}>
      <ScheduleFields value={value} onChange={setValue} />
      <SaveBar save={save} isDisabled={!isScheduleValid(value)} onSave={() => { save.mutate({ change: { schedule: value } }); }} />
    </Card>
  );
}

/** How long they are kept, with what that means before it is saved. */
export function RetentionSection({ settings }: { settings: Settings }) {
  const { settings: texts } = useTexts();
  const save = useSaveSettings();
  const [value, setValue] = useState(settings.retention);
  return (
    <Card title={texts.retention.title}>
      <p>{texts.retention.intro}</p>
      <RetentionFields value={value} onChange={setValue} preview />
      <SaveBar save={save} onSave={() => { save.mutate({ change: { retention: value } }); }} />
    </Card>
  );
}

const IMAGES_MAX = 100_000_000;

/** When practice runs are made, and how much of the images they read. */
export function DrillsSection({ settings }: { settings: Settings }) {
  const { settings: texts } = useTexts();
  const t = texts.drills;
  const save = useSaveSettings();
  const [value, setValue] = useState(settings.drills);
  const setPlan = (plan: ScheduleValue) => {
    setValue({ ...value, ...plan });
  };
  return (
    <Card title={t.title}>
      <p>{t.intro}</p>
      <ScheduleFields value={{ times: value.times, days: value.days, quiet_hours: value.quiet_hours }} onChange={setPlan} />
      <NumberField label={t.readImages} value={value.read_images} minValue={0} maxValue={IMAGES_MAX} onChange={(next) => { setValue({ ...value, read_images: Number.isFinite(next) ? next : 0 }); }} />
      <TextField label={t.scratch} description={t.scratchText} value={value.scratch_folder} onChange={(next) => { setValue({ ...value, scratch_folder: next }); }} autoComplete="off" maxLength={4000} />
      <SaveBar save={save} isDisabled={!isScheduleValid(value)} onSave={() => { save.mutate({ change: { drills: { ...value, scratch_folder: value.scratch_folder.trim() } } }); }} />
    </Card>
  );
}
