import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { EmailForm } from "@/settings/AlertFields";
import type { Settings } from "@/settings/api";
import { StepCard } from "./StepCard";

export function AlertsStep({ alerts, onDone }: { alerts: Settings["alerts"]; onDone: () => void }) {
  const { setup } = useTexts();
  return (
    <StepCard title={setup.alerts.title} intro={setup.alerts.intro}>
      <EmailForm alerts={alerts} />
      <div>
        <Button onPress={onDone}>{alerts.smtp.host === "" ? setup.alerts.skip : setup.alerts.next}</Button>
      </div>
    </StepCard>
  );
}
