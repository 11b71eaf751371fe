import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Session } from "@/api/client";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Facts } from "@/ui/Facts";
import { ProblemBox } from "@/ui/ProblemBox";
import { TextField } from "@/ui/fields";
import { useSaveSettings, type Settings } from "@/settings/api";
import { finishSetup } from "./api";
import { StepCard } from "./StepCard";
import type { Account } from "./SetupWizard";

/** Looks it all over, and begins with the first backup. */
export function FinishStep({ settings, account, onFinished }: { settings: Settings; account: Account | null; onFinished: (session: Session | null) => void }) {
  const { setup, settings: { destination: texts } } = useTexts();
  const t = setup.finish;
  const [folder, setFolder] = useState(settings.restore.folder);
  const save = useSaveSettings();
  const finish = useMutation({
    mutationFn: async () => {
      if (folder.trim() !== settings.restore.folder) await save.mutateAsync({ change: { restore: { folder: folder.trim() } } });
      return finishSetup(account);
    },
    onSuccess: onFinished,
  });
  return (
    <StepCard title={t.title} intro={t.intro}>
      <Facts
        wide
        items={[
          [t.practice, settings.practice.name],
          [t.database, settings.database.url],
          [t.images, settings.images.path || t.noImages],
          [t.destination, settings.repository.path],
          [t.times, settings.schedule.times.join(", ") || t.noTimes],
          [t.told, settings.alerts.smtp.to.join(", ") || t.nobody],
        ]}
      />
      <TextField label={texts.restoreFolder} description={texts.restoreFolderText} value={folder} onChange={setFolder} autoComplete="off" maxLength={4000} placeholder="/srv/restored" />
      <div>
        <Button look="primary" size="large" icon="backup" isDisabled={finish.isPending} onPress={() => { finish.mutate(); }}>
          {finish.isPending ? t.starting : t.submit}
        </Button>
      </div>
      {finish.isError && <ProblemBox problem={finish.error} />}
    </StepCard>
  );
}
