import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { overviewQuery, settingsQuery } from "@/api/queries";
import { useSession } from "@/app/session";
import { BackUpNow } from "@/runs/BackUpNow";
import { LastOutcome } from "@/runs/LastOutcome";
import { RunningCard } from "@/runs/RunningCard";
import { useTexts } from "@/texts";
import { Card } from "@/ui/Card";
import { CommandLine } from "@/ui/CommandLine";
import { Page } from "@/ui/Page";
import { QueryState } from "@/ui/QueryState";
import { CheckboxField } from "@/ui/fields";
import { BackupNav } from "./BackupNav";
import { CopyList } from "./CopyList";
import { Source } from "./Source";
import styles from "./backup.module.css";

export function BackupScreen() {
  const { backup: t } = useTexts();
  const overview = useQuery(overviewQuery);
  const [withoutImages, setWithoutImages] = useState(false);
  return (
    <Page title={t.title}>
      <BackupNav />
      <QueryState query={overview}>
        {({ active, last_backup }) => (
          <div className={styles["top"]}>
            <Card title={t.source.title}>
              <Source />
            </Card>
            <Card title={t.start.title}>
              <CheckboxField
                label={t.start.withoutImages}
                description={t.start.withoutImagesText}
                isSelected={withoutImages}
                onChange={setWithoutImages}
              />
              <BackUpNow active={active} withImages={!withoutImages} />
              <RunningCard active={active} />
              {active.length === 0 && last_backup !== null && <LastOutcome run={last_backup} />}
              <Command withoutImages={withoutImages} />
            </Card>
          </div>
        )}
      </QueryState>
      <CopyList />
    </Page>
  );
}

/** The settings as arguments; who may not see them gets the form of it. */
function Command({ withoutImages }: { withoutImages: boolean }) {
  const { may_administer } = useSession();
  const { data } = useQuery({ ...settingsQuery, enabled: may_administer });
  const words = ["enamel", "backup", "-r", data?.repository.path ?? "REPOSITORY", "--database", data?.database.url ?? "URL"];
  if (!withoutImages) words.push("--images", data?.images.path ?? "FOLDER");
  return <CommandLine words={words} />;
}
