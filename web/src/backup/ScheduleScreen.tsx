import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schedule } from "@/api/client";
import { settingsQuery } from "@/api/queries";
import { useSession } from "@/app/session";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Facts } from "@/ui/Facts";
import { Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { QueryState } from "@/ui/QueryState";
import list from "@/ui/List.module.css";
import { BackupNav } from "./BackupNav";
import { NextRuns } from "@/runs/NextRuns";
import { ScheduleForm, type ScheduleOf } from "./ScheduleForm";
import { clockTime } from "./schedule";
import styles from "./backup.module.css";
import { useLocale } from "@/texts";

/** When backups and practice runs are made by themselves. */
export function ScheduleScreen() {
  const { backup: t } = useTexts();
  const { may_administer } = useSession();
  return (
    <Page title={t.title}>
      <BackupNav />
      <p className={list["soft"]}>{t.schedule.intro}</p>
      <Card title={t.schedule.next}>
        <NextRuns />
      </Card>
      {may_administer ? <Schedules /> : <p className={list["soft"]}>{t.schedule.onlyAdministrators}</p>}
    </Page>
  );
}

function Schedules() {
  const { backup: t } = useTexts();
  const query = useQuery(settingsQuery);
  return (
    <QueryState query={query}>
      {(settings) => (
        <div className={styles["whens"]}>
          <ScheduleCard of="schedule" title={t.schedule.title} schedule={settings.schedule} />
          <ScheduleCard of="drills" title={t.schedule.drillsTitle} schedule={settings.drills} />
        </div>
      )}
    </QueryState>
  );
}

function ScheduleCard({ of, title, schedule }: { of: ScheduleOf; title: string; schedule: Schedule }) {
  const { backup: t } = useTexts();
  const locale = useLocale();
  const [editing, setEditing] = useState(false);
  const [saved, setSaved] = useState(false);
  const days = schedule.days.length === 7 ? t.schedule.everyDay : schedule.days.map((day) => t.schedule.dayNames[day]).join(", ");
  const [from, to] = schedule.quiet_hours.split("-");
  return (
    <Card
      title={title}
      actions={
        !editing && (
          <Button size="small" onPress={() => { setSaved(false); setEditing(true); }}>
            {t.schedule.edit}
          </Button>
        )
      }
    >
      {editing ? (
        <ScheduleForm
          of={of}
          schedule={schedule}
          onDone={(isSaved) => {
            setEditing(false);
            setSaved(isSaved);
          }}
        />
      ) : (
        <>
          {saved && <Notice tone="good" urgent title={t.schedule.saved} />}
          <Facts
            wide
            items={[
              [t.schedule.times, schedule.times.length === 0 ? t.schedule.noTimes : schedule.times.map((time) => clockTime(time, locale)).join(", ")],
              [t.schedule.days, days],
              [t.schedule.quiet, from && to ? `${clockTime(from, locale)} – ${clockTime(to, locale)}` : t.schedule.noQuiet],
            ]}
          />
        </>
      )}
    </Card>
  );
}
