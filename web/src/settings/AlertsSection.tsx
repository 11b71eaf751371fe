import { useState } from "react";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { TextField } from "@/ui/fields";
import { EmailForm, TestAlert } from "./AlertFields";
import { useSaveSettings, type Settings } from "./api";
import { SaveBar } from "./SaveBar";
import styles from "./settings.module.css";

/** Who is told: by e-mail, another program, a watcher outside. */
export function AlertsSection({ settings }: { settings: Settings }) {
  const { settings: texts } = useTexts();
  const t = texts.alerts;
  return (
    <>
      <Card title={t.title}>
        <EmailForm alerts={settings.alerts} />
      </Card>
      <SecretAddress channel="webhook" title={t.webhook} text={t.webhookText} label={t.webhookField} isSet={settings.alerts.webhook_url_set} />
      <SecretAddress channel="ping" title={t.ping} text={t.pingText} label={t.pingField} isSet={settings.alerts.ping_url_set} />
    </>
  );
}

interface SecretAddressProps {
  channel: "webhook" | "ping";
  title: string;
  text: string;
  label: string;
  isSet: boolean;
}

/** An address that is a secret itself: it is set, replaced or removed, and never shown. */
function SecretAddress({ channel, title, text, label, isSet }: SecretAddressProps) {
  const { settings: texts } = useTexts();
  const t = texts.alerts;
  const save = useSaveSettings();
  const [address, setAddress] = useState("");
  const set = (value: string) => {
    save.mutate({ secrets: { [`${channel}_url`]: value } }, { onSuccess: () => { setAddress(""); } });
  };
  const valid = /^https?:\/\/[^\s/]+/.test(address.trim());
  return (
    <Card title={title}>
      <p className={styles["soft"]}>{text}</p>
      <TextField label={label} {...(isSet ? { description: t.isSet } : {})} value={address} onChange={setAddress} placeholder="https://" autoComplete="off" maxLength={1024} />
      <SaveBar save={save} isDisabled={!valid} onSave={() => { set(address.trim()); }}>
        {isSet && (
          <div>
            <Button look="quiet" icon="trash" onPress={() => { set(""); }}>
              {t.remove}
            </Button>
          </div>
        )}
        <TestAlert channel={channel} isDisabled={!isSet} />
      </SaveBar>
    </Card>
  );
}
