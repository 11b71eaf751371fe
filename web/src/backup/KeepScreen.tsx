import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import type { Retention, Schemas } from "@/api/client";
import { overviewQuery, retentionQuery, settingsQuery } from "@/api/queries";
import { useSession } from "@/app/session";
import { useTexts } from "@/texts";
import { Card } from "@/ui/Card";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { QueryState } from "@/ui/QueryState";
import list from "@/ui/List.module.css";
import { BackupNav } from "./BackupNav";
import { DaysCalendar } from "./DaysCalendar";
import { RulesForm } from "./RulesForm";

/** Retention, as the days one could go back to. */
export function KeepScreen() {
  const { backup: t } = useTexts();
  const { may_administer } = useSession();
  return (
    <Page title={t.title}>
      <BackupNav />
      {may_administer ? <WithRules /> : <Calendar />}
    </Page>
  );
}

function WithRules() {
  const query = useQuery(settingsQuery);
  return <QueryState query={query}>{(settings) => <Simulator configured={settings.retention} />}</QueryState>;
}

function Simulator({ configured }: { configured: Retention }) {
  const [rules, setRules] = useState<Retention>(configured);
  const tried = useDeferredValue(rules);
  return (
    <>
      <Calendar rules={tried} />
      <RulesForm configured={configured} rules={rules} onChange={setRules} />
    </>
  );
}

function Calendar({ rules }: { rules?: Retention }) {
  const { backup } = useTexts();
  const t = backup.keep;
  const preview = useQuery({ ...retentionQuery(rules), placeholderData: keepPreviousData });
  return (
    <Card title={t.title}>
      <QueryState query={preview}>{(data) => <Shown preview={data} />}</QueryState>
    </Card>
  );
}

function Shown({ preview }: { preview: Schemas["RetentionPreview"] }) {
  const { backup } = useTexts();
  const t = backup.keep;
  const format = useFormat();
  const { data: overview } = useQuery(overviewQuery);
  const { days, removed, damaged } = preview;
  const lost = removed.map((each) => format.dayKey(each.time)).filter((day) => !days.includes(day));
  const oldest = [...days].sort()[0];
  return (
    <>
      {damaged.length > 0 && <Notice tone="bad" title={t.damaged} />}
      <p role="status">
        {oldest === undefined ? t.none : `${t.count(days.length, format.count(days.length))} ${t.oldest(format.longDay(oldest))}`}{" "}
        {removed.length > 0 && t.removed(removed.length, format.count(removed.length))}
      </p>
      {oldest !== undefined && <p className={list["soft"]}>{t.intro}</p>}
      <DaysCalendar kept={days} lost={lost} today={format.dayKey(overview?.now ?? new Date())} />
    </>
  );
}
