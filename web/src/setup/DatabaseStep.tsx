import { useState } from "react";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { CommandBlock } from "@/ui/CommandBlock";
import { Notice } from "@/ui/Notice";
import { ProblemBox } from "@/ui/ProblemBox";
import { Choice, PasswordField, TextField } from "@/ui/fields";
import { databaseFields, databaseUrl } from "@/settings/values";
import { DatabaseFound } from "./DatabaseFound";
import { Problems } from "./Problems";
import { StepCard } from "./StepCard";
import { useSetupStep, type DatabaseProbe, type SetupState } from "./api";
import { windowsCommands } from "./windows";
import styles from "./setup.module.css";

interface DatabaseStepProps {
  /** As it is saved; empty: none yet. */
  url: string;
  dataFolder: string;
  found: SetupState["free_dental_config"];
  /** title: the practice's, as its database has it. */
  onDone: (title: string) => void;
}

interface Asked {
  url: string;
  password: string;
  data_folder: string;
  save: boolean;
}

const SOCKET = "/run/mysqld/mysqld.sock";

/** Where Open Dental's database is; it is looked at before it is saved. */
export function DatabaseStep({ url, dataFolder, found, onDone }: DatabaseStepProps) {
  const { setup } = useTexts();
  const t = setup.database;
  const saved = databaseFields(url);
  const [place, setPlace] = useState<"here" | "network">((saved ? saved.socket === "" : found !== null) ? "network" : "here");
  const [fields, setFields] = useState({
    host: (saved?.host === "localhost" ? "" : saved?.host) ?? found?.host ?? "",
    port: saved?.port ?? "",
    database: saved?.database ?? found?.database ?? "opendental",
    user: saved?.user ?? found?.user ?? "enamel",
    socket: saved?.socket ?? SOCKET,
  });
  const [password, setPassword] = useState("");
  const [folder, setFolder] = useState(dataFolder);
  const look = useSetupStep<Asked, DatabaseProbe>("database");
  const save = useSetupStep<Asked, DatabaseProbe>("database");
  const change = (next: Partial<typeof fields>) => {
    setFields({ ...fields, ...next });
    look.reset();
  };
  const asked: Omit<Asked, "save"> = {
    url: databaseUrl(place === "here" ? { ...fields, host: "localhost", port: "" } : { ...fields, socket: "" }),
    password,
    data_folder: folder.trim(),
  };
  const complete = fields.database.trim() !== "" && fields.user.trim() !== "" && (place === "here" || fields.host.trim() !== "");
  const probe = look.data;
  return (
    <StepCard title={t.title} intro={t.intro}>
      {found !== null && url === "" && <Notice tone="neutral" title={t.foundConfig(found.host)} />}
      <Choice
        label={t.place}
        stacked
        value={place}
        onChange={(next) => { setPlace(next); look.reset(); }}
        options={[
          { value: "here", label: t.here, description: t.hereText },
          { value: "network", label: t.network, description: t.networkText },
        ]}
      />
      {place === "network" ? (
        <div className={styles["row"]}>
          <TextField label={t.host} value={fields.host} onChange={(host) => { change({ host }); }} maxLength={255} autoComplete="off" placeholder="192.168.1.10" />
          <TextField label={t.port} value={fields.port} onChange={(port) => { if (/^\d{0,5}$/.test(port)) change({ port }); }} inputMode="numeric" placeholder="3306" />
        </div>
      ) : (
        <TextField label={t.socket} value={fields.socket} onChange={(socket) => { change({ socket }); }} maxLength={200} autoComplete="off" />
      )}
      <div className={styles["row"]}>
        <TextField label={t.database} value={fields.database} onChange={(database) => { change({ database }); }} maxLength={64} autoComplete="off" />
        <TextField label={t.user} value={fields.user} onChange={(user) => { change({ user }); }} maxLength={80} autoComplete="off" />
      </div>
      <PasswordField label={t.password} description={t.passwordText} value={password} onChange={(next) => { setPassword(next); look.reset(); }} autoComplete="off" maxLength={1024} />
      <TextField label={t.folder} description={t.folderText} value={folder} onChange={(next) => { setFolder(next); look.reset(); }} autoComplete="off" placeholder="/mnt/mysql-data" />
      {place === "network" && (
        <details className={styles["details"]}>
          <summary>{t.windows.title}</summary>
          <p>{t.windows.text}</p>
          <CommandBlock label={t.windows.user} lines={windowsCommands.user} />
          <p>{t.windows.shareText}</p>
          <CommandBlock label={t.windows.mount} lines={windowsCommands.mount(fields.host.trim() || "SERVER")} />
        </details>
      )}
      <div>
        <Button look={probe === undefined ? "primary" : "plain"} isDisabled={!complete || look.isPending} onPress={() => { look.mutate({ ...asked, save: false }); }}>
          {look.isPending ? setup.looking : t.test}
        </Button>
      </div>
      {look.isError && <ProblemBox problem={look.error} />}
      {probe && (
        <>
          <DatabaseFound probe={probe} onPractice={(database) => { change({ database }); }} />
          <Problems problems={probe.problems} />
          {probe.missing_grants.length > 0 && (
            <Notice tone="warn" title={t.grants}>
              <p>{t.grantsText}</p>
              <CommandBlock label={t.grantsLabel} lines={probe.missing_grants.map((grant) => `${grant};`.replace(/;;$/, ";"))} />
            </Notice>
          )}
          {probe.reachable && (
            <div>
              <Button
                look="primary"
                isDisabled={save.isPending || probe.practice_title === "" && probe.tables === 0}
                onPress={() => { save.mutate({ ...asked, save: true }, { onSuccess: ({ practice_title: title }) => { onDone(title); } }); }}
              >
                {probe.missing_grants.length > 0 ? t.useAnyway : t.use}
              </Button>
            </div>
          )}
          {save.isError && <ProblemBox problem={save.error} />}
        </>
      )}
    </StepCard>
  );
}
