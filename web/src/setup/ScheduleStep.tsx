import { useState } from "react";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { ProblemBox } from "@/ui/ProblemBox";
import { useSaveSettings, type Settings } from "@/settings/api";
import { RetentionFields } from "@/settings/RetentionFields";
import { isScheduleValid, ScheduleFields } from "@/settings/ScheduleFields";
import { StepCard } from "./StepCard";

const proposed = ["12:30", "19:00"];

export function ScheduleStep({ settings, onDone }: { settings: Settings; onDone: () => void }) {
  const { setup, settings: t } = useTexts();
  const [schedule, setSchedule] = useState(settings.schedule.times.length === 0 ? { ...settings.schedule, times: proposed } : settings.schedule);
  const [retention, setRetention] = useState(settings.retention);
  const save = useSaveSettings();
  return (
    <StepCard title={setup.schedule.title} intro={setup.schedule.intro}>
      <ScheduleFields value={schedule} onChange={setSchedule} />
      <h3>{t.retention.title}</h3>
      <p>{t.retention.intro}</p>
      <RetentionFields value={retention} onChange={setRetention} preview={false} />
      <div>
        <Button look="primary" isDisabled={save.isPending || !isScheduleValid(schedule)} onPress={() => { save.mutate({ change: { schedule, retention } }, { onSuccess: onDone }); }}>
          {setup.saveAndGoOn}
        </Button>
      </div>
      {save.isError && <ProblemBox problem={save.error} />}
    </StepCard>
  );
}
