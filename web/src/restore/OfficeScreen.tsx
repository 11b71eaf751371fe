import { useSearch } from "wouter";
import type { Snapshot } from "@/api/client";
import { useTexts } from "@/texts";
import { Button, ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { CommandBlock } from "@/ui/CommandBlock";
import { quoted } from "@/ui/CommandLine";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { hasDatabase, hasImages, usePlaces } from "./api";
import { ChosenBackup } from "./ChosenBackup";
import { sizeOf } from "./SnapshotState";
import styles from "./restore.module.css";

/** A guide for the day the server is gone, with the commands to copy; it can be printed before. */
export function OfficeScreen() {
  const { restore } = useTexts();
  const t = restore.office;
  return (
    <Page
      title={t.title}
      intro={t.intro}
      actions={
        <>
          <ButtonLink to="/restore" icon="left">{restore.run.back}</ButtonLink>
          <Button icon="print" onPress={() => { window.print(); }}>
            {t.print}
          </Button>
        </>
      }
    >
      <Notice tone="neutral" title={t.before} />
      <ChosenBackup needs={(snapshot) => hasDatabase(snapshot) && hasImages(snapshot)}>{(snapshot) => <Guide snapshot={snapshot} />}</ChosenBackup>
    </Page>
  );
}

const steps = ["install", "connect", "check", "database", "images", "connectOpenDental", "protect"] as const;

/** The commands of the guide, by its steps. */
export function guideCommands(repository: string, snapshot: string): Partial<Record<(typeof steps)[number], string[]>> {
  const at = quoted(repository);
  return {
    install: ["sudo apt install mariadb-server", "sudo apt install ./enamel_*_amd64.deb"],
    connect: [`ls ${at}`],
    check: [`sudo enamel snapshots -r ${at}`],
    database: [`sudo enamel restore -r ${at} ${snapshot} --database-to 'mariadb://root@localhost/?socket=/run/mysqld/mysqld.sock'`],
    images: [`sudo enamel restore -r ${at} ${snapshot} --images-to /srv/OpenDentImages`],
    protect: ["sudo enamel setup"],
  };
}

function Guide({ snapshot }: { snapshot: Snapshot }) {
  const { restore } = useTexts();
  const t = restore.office;
  const format = useFormat();
  const places = usePlaces();
  // The printed guide is used long after: the newest backup then is not the newest now.
  const chosen = new URLSearchParams(useSearch()).get("backup") !== null;
  const commands = guideCommands(places.repository || "/path/to/backups", chosen ? snapshot.short_id : "latest");
  const size = sizeOf(snapshot);
  return (
    <>
      <Card title={t.need}>
        <ul className={styles["bullets"]}>
          {t.needs.map((need) => (
            <li key={need}>{need}</li>
          ))}
        </ul>
        {size !== null && <p>{t.fits(format.bytes(size))}</p>}
        {places.repository === "" && <p>{t.placeholderPath}</p>}
      </Card>
      <ol className={styles["guide"]}>
        {steps.map((step) => {
          const lines = commands[step];
          return (
            <li key={step}>
              <h2>{t.steps[step].title}</h2>
              <p>{t.steps[step].text}</p>
              {lines && <CommandBlock label={t.label(t.steps[step].title)} lines={lines} />}
            </li>
          );
        })}
      </ol>
    </>
  );
}
