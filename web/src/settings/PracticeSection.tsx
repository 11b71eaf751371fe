import { useState } from "react";
import { useTexts } from "@/texts";
import { Card } from "@/ui/Card";
import { PasswordField, TextField } from "@/ui/fields";
import { useSaveSettings, type Settings } from "./api";
import { SaveBar } from "./SaveBar";
import { databaseFields, databaseUrl, listOf } from "./values";
import styles from "./settings.module.css";

/** What is backed up: the practice's name, database and images. */
export function PracticeSection({ settings }: { settings: Settings }) {
  return (
    <>
      <Name settings={settings} />
      <Database settings={settings} />
      <Images settings={settings} />
    </>
  );
}

function Name({ settings }: { settings: Settings }) {
  const { settings: texts } = useTexts();
  const t = texts.practice;
  const save = useSaveSettings();
  const [name, setName] = useState(settings.practice.name);
  return (
    <Card title={t.title}>
      <TextField label={t.name} value={name} onChange={setName} maxLength={200} />
      <SaveBar save={save} isDisabled={name.trim() === ""} onSave={() => { save.mutate({ change: { practice: { name: name.trim() } } }); }} />
    </Card>
  );
}

function Database({ settings }: { settings: Settings }) {
  const { settings: texts } = useTexts();
  const t = texts.practice;
  const save = useSaveSettings();
  const known = databaseFields(settings.database.url);
  const [fields, setFields] = useState(known);
  const [url, setUrl] = useState(settings.database.url);
  const [password, setPassword] = useState("");
  const [folder, setFolder] = useState(settings.database.data_folder);
  const go = () => {
    save.mutate(
      {
        change: { database: { url: fields ? databaseUrl(fields) : url.trim(), data_folder: folder.trim() } },
        ...(password === "" ? {} : { secrets: { database: password } }),
      },
      { onSuccess: () => { setPassword(""); } },
    );
  };
  const field = (name: "host" | "port" | "database" | "user" | "socket", label: string) =>
    fields && <TextField label={label} value={fields[name]} onChange={(value) => { setFields({ ...fields, [name]: value }); }} autoComplete="off" maxLength={255} />;
  return (
    <Card title={t.database}>
      <p className={styles["soft"]}>{t.databaseText}</p>
      {fields ? (
        <div className={styles["row"]}>
          {field("host", t.host)}
          {known?.socket === "" ? field("port", t.port) : field("socket", t.socket)}
          {field("database", t.name2)}
          {field("user", t.user)}
        </div>
      ) : (
        <TextField label={t.url} description={t.urlText} value={url} onChange={setUrl} maxLength={1000} autoComplete="off" />
      )}
      <PasswordField label={t.password} {...(settings.database.password_set ? { description: t.passwordSet } : {})} value={password} onChange={setPassword} autoComplete="new-password" maxLength={1024} />
      <TextField label={t.dataFolder} description={t.dataFolderText} value={folder} onChange={setFolder} autoComplete="off" maxLength={4000} />
      <SaveBar save={save} onSave={go} />
    </Card>
  );
}

function Images({ settings }: { settings: Settings }) {
  const { settings: texts } = useTexts();
  const t = texts.practice;
  const save = useSaveSettings();
  const [path, setPath] = useState(settings.images.path);
  const [excludes, setExcludes] = useState(settings.images.excludes.join(", "));
  return (
    <Card title={t.images}>
      <TextField label={t.imagesPath} value={path} onChange={setPath} autoComplete="off" maxLength={4000} />
      <TextField label={t.excludes} description={t.excludesText} value={excludes} onChange={setExcludes} autoComplete="off" />
      <SaveBar save={save} onSave={() => { save.mutate({ change: { images: { path: path.trim(), excludes: listOf(excludes) } } }); }} />
    </Card>
  );
}
