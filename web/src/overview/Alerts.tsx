import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ask, type Schemas } from "@/api/client";
import { keys } from "@/api/queries";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { ProblemBox, sentence } from "@/ui/ProblemBox";
import list from "@/ui/List.module.css";

const quietHours = [4, 24, 168] as const;

type Alert = Schemas["Alert"];

/** What needs attention, worst first, each with what to do; nothing when nothing does. */
export function Alerts({ alerts }: { alerts: Alert[] }) {
  const { overview: t } = useTexts();
  if (alerts.length === 0) return null;
  return (
    <Card title={t.alerts.title}>
      <ul className={list["stack"]}>
        {alerts.map((alert) => (
          <li key={alert.id}>
            <OneAlert alert={alert} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function OneAlert({ alert }: { alert: Alert }) {
  const { overview: t, common } = useTexts();
  const format = useFormat();
  const client = useQueryClient();
  const mute = useMutation({
    mutationFn: (hours: number) => ask(api.POST("/api/v1/alerts/{id}/mute", { params: { path: { id: alert.id } }, body: { hours } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.overview }),
  });
  return (
    <Notice tone={alert.severity === "critical" ? "bad" : "warn"} title={sentence(alert.title)}>
      <p>
        {sentence(alert.detail)} <span className={list["soft"]}>({t.alerts.since(format.when(alert.since))})</span>
      </p>
      {alert.advice !== "" && (
        <p>
          {common.whatToDo} {sentence(alert.advice)}
        </p>
      )}
      {alert.muted_until !== null ? (
        <p className={list["soft"]}>{t.alerts.muted(format.when(alert.muted_until))}</p>
      ) : (
        <div className={list["row"]}>
          <span className={list["soft"]}>{t.alerts.mute}:</span>
          {quietHours.map((hours) => (
            <Button key={hours} size="small" look="quiet" isDisabled={mute.isPending} onPress={() => { mute.mutate(hours); }}>
              {t.alerts.hours[hours]}
            </Button>
          ))}
        </div>
      )}
      {mute.isError && <ProblemBox problem={mute.error} />}
    </Notice>
  );
}
