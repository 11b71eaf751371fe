import { useState } from "react";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { ProblemBox, sentence } from "@/ui/ProblemBox";
import { NumberField, PasswordField, TextField } from "@/ui/fields";
import { useSaveSettings, useTestAlert, type Channel, type Settings } from "./api";
import { SaveBar } from "./SaveBar";
import { listOf } from "./values";
import styles from "./settings.module.css";

/** Who is told by e-mail: the mail server and the addresses; saved before it is tested. */
export function EmailForm({ alerts, onSaved }: { alerts: Settings["alerts"]; onSaved?: () => void }) {
  const { settings } = useTexts();
  const t = settings.alerts;
  const save = useSaveSettings();
  const [smtp, setSmtp] = useState({ ...alerts.smtp, to: alerts.smtp.to.join(", ") });
  const [password, setPassword] = useState("");
  const complete = smtp.host !== "" && smtp.from !== "" && listOf(smtp.to).length > 0;
  const empty = smtp.host === "" && listOf(smtp.to).length === 0;
  const saved = alerts.smtp.host === smtp.host && alerts.smtp.host !== "" && alerts.smtp.to.join("\n") === listOf(smtp.to).join("\n");
  const go = () => {
    save.mutate(
      {
        change: { alerts: { smtp: { host: smtp.host.trim(), port: smtp.port, from: smtp.from.trim(), to: listOf(smtp.to), user: smtp.user.trim() } } },
        ...(password === "" ? {} : { secrets: { smtp: password } }),
      },
      { onSuccess: () => { setPassword(""); onSaved?.(); } },
    );
  };
  return (
    <>
      <TextField label={t.to} description={t.toText} value={smtp.to} onChange={(to) => { setSmtp({ ...smtp, to }); }} />
      <TextField label={t.from} description={t.fromText} value={smtp.from} onChange={(from) => { setSmtp({ ...smtp, from }); }} />
      <div className={styles["row"]}>
        <TextField label={t.host} value={smtp.host} onChange={(host) => { setSmtp({ ...smtp, host }); }} placeholder="smtp.example.com" />
        <NumberField label={t.port} value={smtp.port} minValue={1} maxValue={65535} onChange={(port) => { setSmtp({ ...smtp, port }); }} />
      </div>
      <div className={styles["row"]}>
        <TextField label={t.user} value={smtp.user} onChange={(user) => { setSmtp({ ...smtp, user }); }} autoComplete="off" />
        <PasswordField label={t.password} {...(alerts.smtp.password_set ? { description: t.passwordSet } : {})} value={password} onChange={setPassword} autoComplete="new-password" />
      </div>
      <SaveBar save={save} isDisabled={!complete && !empty} onSave={go}>
        <TestAlert channel="email" isDisabled={!saved} />
      </SaveBar>
    </>
  );
}

/** Sends something now, and says what came of it. */
export function TestAlert({ channel, isDisabled }: { channel: Channel; isDisabled: boolean }) {
  const { settings } = useTexts();
  const t = settings.alerts;
  const test = useTestAlert();
  return (
    <div className={styles["test"]}>
      <Button isDisabled={isDisabled || test.isPending} onPress={() => { test.mutate(channel); }}>
        {test.isPending ? t.testing : t.test[channel]}
      </Button>
      {test.isSuccess && (
        <Notice tone={test.data.delivered ? "good" : "bad"} urgent title={test.data.delivered ? t.delivered : t.notDelivered}>
          {test.data.detail !== "" && <p>{sentence(test.data.detail)}</p>}
        </Notice>
      )}
      {test.isError && <ProblemBox problem={test.error} />}
    </div>
  );
}
