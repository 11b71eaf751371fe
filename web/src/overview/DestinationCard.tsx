import { useTexts } from "@/texts";
import { Card } from "@/ui/Card";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { ProgressBar } from "@/ui/ProgressBar";
import list from "@/ui/List.module.css";
import type { Schemas } from "@/api/client";

/** How much room there is for backups, and for how long. */
export function DestinationCard({ destination }: { destination: Schemas["Destination"] }) {
  const { overview: t } = useTexts();
  const format = useFormat();
  const { free, total, full_in_days } = destination;
  if (destination.checked === null) return null;
  if (free === null || total === null || total === 0)
    return (
      <Card title={t.destination.title}>
        <Notice tone="bad" title={t.destination.gone} />
      </Card>
    );
  const text = t.destination.free(format.bytes(free), format.bytes(total));
  return (
    <Card title={t.destination.title}>
      <ProgressBar label={t.destination.title} value={(total - free) / total} text={text} />
      <p>{text}</p>
      {full_in_days !== null && <p className={list["soft"]}>{t.destination.fullIn(full_in_days)}</p>}
    </Card>
  );
}
