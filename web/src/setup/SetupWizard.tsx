import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { setCsrfToken, type Session } from "@/api/client";
import { keys } from "@/api/queries";
import { ViewMenu } from "@/app/ViewMenu";
import { Steps } from "@/restore/Steps";
import { useTexts } from "@/texts";
import { settingsQuery, useSaveSettings, type Settings } from "@/settings/api";
import { QueryState } from "@/ui/QueryState";
import { firstOpen, setupQuery, stepNames, type SetupState, type StepName } from "./api";
import { AdministratorStep } from "./AdministratorStep";
import { AlertsStep } from "./AlertsStep";
import { CodeStep } from "./CodeStep";
import { DatabaseStep } from "./DatabaseStep";
import { DestinationStep } from "./DestinationStep";
import { FinishStep } from "./FinishStep";
import { ImagesStep } from "./ImagesStep";
import { KitStep } from "./KitStep";
import { ScheduleStep } from "./ScheduleStep";
import styles from "./setup.module.css";

/** Steps that may be left as they are; all others must be done. */
const optional: readonly StepName[] = ["images", "schedule", "alerts"];

export interface Account {
  user: string;
  password: string;
}

/** From nothing to the first backup. session: null until the code from the terminal was entered. */
export function SetupWizard({ session, state }: { session: Session | null; state: SetupState }) {
  const { setup: t, common } = useTexts();
  useEffect(() => {
    document.title = `${t.title} · ${common.product}`;
  }, [t, common]);
  return (
    <div className={styles["screen"]}>
      <header className={styles["head"]}>
        <div className={styles["brand"]}>
          <img src="/icon.svg" alt="" width={40} height={40} />
          <h1>{t.title}</h1>
        </div>
        <div>
          <ViewMenu />
        </div>
      </header>
      <main className={styles["main"]}>{session === null ? <CodeStep /> : <Way state={state} />}</main>
    </div>
  );
}

function Way({ state }: { state: SetupState }) {
  const { setup: t } = useTexts();
  const client = useQueryClient();
  const settings = useQuery(settingsQuery);
  const [left, setLeft] = useState<readonly StepName[]>([]);
  const [account, setAccount] = useState<Account | null>(null);
  const isDone = (name: StepName) => left.includes(name) || state.steps.some((step) => step.name === name && step.done);
  const reachable = firstOpen(isDone);
  const [chosen, setChosen] = useState<number | null>(null);
  const current = Math.min(chosen ?? reachable, reachable);
  const steps = [...stepNames.map((name) => ({ key: name, title: t.steps[name] })), { key: "finish", title: t.steps.finish }];
  const goOn = (name: StepName) => {
    if (optional.includes(name)) setLeft((before) => [...before, name]);
    void client.invalidateQueries({ queryKey: settingsQuery.queryKey });
    setChosen(stepNames.indexOf(name) + 1);
  };
  const signedIn = (session: Session | null) => {
    setCsrfToken(session?.csrf_token ?? null);
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== keys.session[0] });
    client.setQueryData(setupQuery.queryKey, { needed: false, steps: [], free_dental_config: null });
    client.setQueryData(keys.session, session);
  };
  return (
    <>
      <Steps label={t.title} steps={steps} current={current} reachable={reachable} onStep={setChosen} />
      <QueryState query={settings}>
        {(data) => <Step key={current} index={current} state={state} settings={data} account={account} onAccount={setAccount} onDone={goOn} onFinished={signedIn} />}
      </QueryState>
    </>
  );
}

interface StepProps {
  index: number;
  state: SetupState;
  settings: Settings;
  account: Account | null;
  onAccount: (account: Account) => void;
  onDone: (name: StepName) => void;
  onFinished: (session: Session | null) => void;
}

function Step({ index, state, settings, account, onAccount, onDone, onFinished }: StepProps) {
  const name = stepNames[index];
  const isDone = state.steps.some((step) => step.name === name && step.done);
  const rename = useSaveSettings();
  const done = () => { if (name !== undefined) onDone(name); };
  switch (name) {
    case "administrator":
      return <AdministratorStep isDone={isDone} onDone={(made) => { if (made) onAccount(made); done(); }} />;
    case "database":
      return <DatabaseStep url={settings.database.url} dataFolder={settings.database.data_folder} found={state.free_dental_config} onDone={(title) => {
        if (title !== "" && settings.practice.name === "") rename.mutate({ change: { practice: { name: title } } });
        done();
      }} />;
    case "images":
      return <ImagesStep path={settings.images.path} onDone={done} />;
    case "repository":
      return <DestinationStep isDone={isDone} path={settings.repository.path} onDone={done} />;
    case "kit":
      return <KitStep isDone={isDone} onDone={done} />;
    case "schedule":
      return <ScheduleStep settings={settings} onDone={done} />;
    case "alerts":
      return <AlertsStep alerts={settings.alerts} onDone={done} />;
    default:
      return <FinishStep settings={settings} account={account} onFinished={onFinished} />;
  }
}
