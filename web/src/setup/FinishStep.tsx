import { useMutation } from "@tanstack/react-query";
import type { Session } from "@/api/client";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Facts } from "@/ui/Facts";
import { ProblemBox } from "@/ui/ProblemBox";
import type { Settings } from "@/settings/api";
import { finishSetup } from "./api";
import { StepCard } from "./StepCard";
import type { Account } from "./SetupWizard";

/** Looks it all over, and begins with the first backup. */
export function FinishStep({ settings, account, onFinished }: { settings: Settings; account: Account | null; onFinished: (session: Session | null) => void }) {
  const { setup } = useTexts();
  const t = setup.finish;
  const finish = useMutation({ mutationFn: () => finishSetup(account), onSuccess: onFinished });
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
      <div>
        <Button look="primary" size="large" icon="backup" isDisabled={finish.isPending} onPress={() => { finish.mutate(); }}>
          {finish.isPending ? t.starting : t.submit}
        </Button>
      </div>
      {finish.isError && <ProblemBox problem={finish.error} />}
    </StepCard>
  );
}
