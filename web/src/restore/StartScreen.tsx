import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { runsQuery } from "@/api/queries";
import { RunStateBadge } from "@/runs/RunStateBadge";
import { useTexts } from "@/texts";
import { ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { DataTable } from "@/ui/DataTable";
import { useFormat } from "@/ui/format";
import { Icon, type IconName } from "@/ui/Icon";
import { Page } from "@/ui/Page";
import { QueryState } from "@/ui/QueryState";
import { Copies } from "./Copies";
import styles from "./restore.module.css";

const intents: [name: "moment" | "files" | "table" | "office" | "practice", icon: IconName][] = [
  ["moment", "clock"],
  ["files", "folder"],
  ["table", "table"],
  ["office", "server"],
  ["practice", "drill"],
];

/** Starts from what happened, never from where a backup lies. */
export function StartScreen() {
  const { restore: t } = useTexts();
  return (
    <Page title={t.title} intro={t.intro}>
      <section aria-label={t.question} className={styles["intents"]}>
        <h2>{t.question}</h2>
        <ul>
          {intents.map(([name, icon]) => (
            <li key={name}>
              <Link href={`/restore/${name}`} className={styles["intent"]}>
                <span className={styles["intentIcon"]}>
                  <Icon name={icon} size={24} />
                </span>
                <span>
                  <strong>{t.intents[name].title}</strong>
                  <span className={styles["soft"]}>{t.intents[name].text}</span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </section>
      <Copies />
      <Recent />
    </Page>
  );
}

function Recent() {
  const { restore, runs } = useTexts();
  const t = restore.recent;
  const format = useFormat();
  const query = useQuery(runsQuery({ kind: "restore", limit: 5 }));
  return (
    <Card title={t.title}>
      <QueryState query={query}>
        {(page) => (
          <DataTable
            caption={t.title}
            empty={t.none}
            rows={page.runs}
            rowKey={(run) => run.id}
            columns={[
              { key: "when", title: t.columns.when, isHeader: true, cell: (run) => format.when(run.queued) },
              { key: "who", title: t.columns.who, cell: (run) => run.started_by },
              { key: "state", title: t.columns.state, cell: (run) => <RunStateBadge state={run.state} kind={run.kind} /> },
              {
                key: "action",
                title: t.columns.action,
                hideTitle: true,
                numeric: true,
                cell: (run) => (
                  <ButtonLink to={`/restore/runs/${String(run.id)}`} size="small" look="quiet">
                    {t.columns.action}
                    <span className="visually-hidden">{`${runs.kinds[run.kind] ?? run.kind}, ${format.when(run.queued)}`}</span>
                  </ButtonLink>
                ),
              },
            ]}
          />
        )}
      </QueryState>
    </Card>
  );
}
