import { useQuery } from "@tanstack/react-query";
import type { Snapshot } from "@/api/client";
import { overviewQuery, snapshotQuery } from "@/api/queries";
import { usePreferences } from "@/app/preferences";
import { RunningCard } from "@/runs/RunningCard";
import { StartDrill } from "@/runs/StartDrill";
import { useTexts } from "@/texts";
import { ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { CommandLine } from "@/ui/CommandLine";
import { Facts } from "@/ui/Facts";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { QueryState } from "@/ui/QueryState";
import list from "@/ui/List.module.css";
import { CopyBadges } from "./CopyList";
import { figuresOf } from "./figures";

/** One backup. */
export function CopyScreen({ id }: { id: string }) {
  const { backup: t } = useTexts();
  const format = useFormat();
  const query = useQuery(snapshotQuery(id));
  return (
    <Page
      title={query.data ? t.one.title(format.dateTime(query.data.time)) : t.title}
      intro={query.data && <CopyBadges snapshot={query.data} />}
      actions={
        <ButtonLink to="/backup" look="quiet" icon="left">
          {t.one.all}
        </ButtonLink>
      }
    >
      <QueryState query={query}>{(snapshot) => <Content snapshot={snapshot} />}</QueryState>
    </Page>
  );
}

function Content({ snapshot }: { snapshot: Snapshot }) {
  const { backup: t } = useTexts();
  const { technician } = usePreferences();
  const format = useFormat();
  const { data: overview } = useQuery(overviewQuery);
  const { bytes, added } = figuresOf(snapshot);
  return (
    <>
      <Card>
        <Proof snapshot={snapshot} />
        <Facts
          items={[
            [t.one.made, format.dateTime(snapshot.time)],
            [t.one.host, snapshot.hostname],
            [t.one.holds, bytes === null ? null : format.bytes(bytes)],
            [t.one.stored, added === null ? null : format.bytes(added)],
          ]}
        />
        <div className={list["row"]}>
          <StartDrill active={overview?.active ?? []} snapshot={snapshot.id} />
        </div>
        <RunningCard active={overview?.active ?? []} />
      </Card>
      {technician && (
        <Card title={t.one.technical}>
          <Facts
            wide
            items={[
              [t.one.id, <span className={list["mono"]}>{snapshot.id}</span>],
              [t.one.parent, snapshot.parent === undefined ? null : <span className={list["mono"]}>{snapshot.parent}</span>],
              [t.one.paths, <span className={list["mono"]}>{snapshot.paths.join(" ")}</span>],
              [t.one.tags, (snapshot.tags ?? []).join(", ") || null],
              [t.one.program, snapshot.program_version ?? null],
            ]}
          />
          <CommandLine words={["enamel", "ls", snapshot.short_id, "/database"]} />
          <CommandLine words={["enamel", "drill", snapshot.short_id]} />
        </Card>
      )}
    </>
  );
}

function Proof({ snapshot }: { snapshot: Snapshot }) {
  const { backup: t } = useTexts();
  const format = useFormat();
  const { drill } = snapshot;
  if (drill === null) return <Notice tone="neutral" title={t.one.unproven} />;
  const when = drill.ended === null ? "" : format.when(drill.ended);
  return (
    <Notice tone={drill.passed ? "good" : "bad"} title={drill.passed ? t.one.provenAt(when) : t.one.failedAt(when)}>
      <div>
        <ButtonLink to={`/drills/${String(drill.run)}`} size="small">
          {t.one.report}
        </ButtonLink>
      </div>
    </Notice>
  );
}
