import { useState } from "react";
import { useTexts } from "@/texts";
import { Card } from "@/ui/Card";
import { Notice } from "@/ui/Notice";
import { NumberField, Toggle } from "@/ui/fields";
import { useSaveSettings, type Settings } from "./api";
import { SaveBar } from "./SaveBar";
import styles from "./settings.module.css";

const numbers = [
  ["session_hours", "sessionHours", 720],
  ["idle_minutes", "idleMinutes", 1440],
  ["failures_max", "failuresMax", 100],
  ["lock_minutes", "lockMinutes", 1440],
] as const;

/** Who may sign in, and for how long. */
export function SignInSection({ settings }: { settings: Settings }) {
  const { settings: texts } = useTexts();
  const t = texts.signIn;
  const save = useSaveSettings();
  const [value, setValue] = useState(settings.sign_in);
  const nobody = !value.open_dental && !value.local_administrator;
  return (
    <Card title={t.title}>
      <Toggle label={t.openDental} description={t.openDentalText} isSelected={value.open_dental} onChange={(on) => { setValue({ ...value, open_dental: on }); }} />
      <Toggle label={t.local} description={t.localText} isSelected={value.local_administrator} onChange={(on) => { setValue({ ...value, local_administrator: on }); }} />
      {nobody && <Notice tone="warn" urgent title={t.neither} />}
      <div className={styles["row"]}>
        {numbers.map(([key, label, max]) => (
          <NumberField key={key} label={t[label]} value={value[key]} minValue={1} maxValue={max} onChange={(next) => { setValue({ ...value, [key]: Number.isFinite(next) ? next : 1 }); }} />
        ))}
      </div>
      <SaveBar save={save} isDisabled={nobody} onSave={() => { save.mutate({ change: { sign_in: value } }); }} />
    </Card>
  );
}
