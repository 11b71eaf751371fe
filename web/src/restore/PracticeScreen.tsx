import { useQuery } from "@tanstack/react-query";
import { overviewQuery } from "@/api/queries";
import { RunningCard } from "@/runs/RunningCard";
import { StartDrill } from "@/runs/StartDrill";
import { useTexts } from "@/texts";
import { ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { CommandLine } from "@/ui/CommandLine";
import { Page } from "@/ui/Page";
import { hasDatabase, usePlaces } from "./api";
import { ChosenBackup } from "./ChosenBackup";

/** A practice run of whichever backup; its report is in the area of practice runs. */
export function PracticeScreen() {
  const { restore } = useTexts();
  const t = restore.practice;
  const places = usePlaces();
  const active = useQuery({ ...overviewQuery, select: (overview) => overview.active }).data ?? [];
  return (
    <Page title={t.title} intro={t.intro} actions={<ButtonLink to="/restore" icon="left">{restore.run.back}</ButtonLink>}>
      <ChosenBackup needs={hasDatabase}>
        {(snapshot) => (
          <Card title={t.start}>
            <div>
              <StartDrill active={active} snapshot={snapshot.id} look="primary" />
            </div>
            <RunningCard active={active.filter((run) => run.kind === "drill")} />
            <CommandLine words={["enamel", "drill", "-r", places.repository || "REPOSITORY", snapshot.short_id]} />
            <div>
              <ButtonLink to="/drills" look="quiet">{t.last}</ButtonLink>
            </div>
          </Card>
        )}
      </ChosenBackup>
    </Page>
  );
}
