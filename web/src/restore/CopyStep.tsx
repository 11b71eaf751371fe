import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Snapshot } from "@/api/client";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { CommandLine } from "@/ui/CommandLine";
import { Facts } from "@/ui/Facts";
import { useFormat } from "@/ui/format";
import { ProblemBox } from "@/ui/ProblemBox";
import { CheckboxField, TextField } from "@/ui/fields";
import { databasesQuery, hasImages, tablesQuery, usePlaces, useStartRestore, useZone } from "./api";
import { copyName, isDatabaseName } from "./paths";

interface CopyStepProps {
  snapshot: Snapshot;
  /** Only this table. */
  table?: string;
  onStarted: (run: number) => void;
}

/** The last step before a copy is made: its name, the images, and what will happen. */
export function CopyStep({ snapshot, table, onStarted }: CopyStepProps) {
  const { restore } = useTexts();
  const t = restore.moment;
  const format = useFormat();
  const zone = useZone();
  const places = usePlaces();
  const manifest = useQuery(tablesQuery(snapshot.id));
  const databases = useQuery(databasesQuery);
  const source = manifest.data?.database ?? places.live;
  const proposed = copyName(table === undefined ? source : `${source}_${table}`, snapshot.time, zone);
  const [typed, setTyped] = useState<string | null>(null);
  const [withImages, setWithImages] = useState(true);
  const start = useStartRestore();
  const name = typed ?? proposed;
  const error = nameProblem(name, places.live, databases.data?.databases.map((row) => row.name) ?? []);
  const offersImages = table === undefined && hasImages(snapshot) && places.folder !== "";
  const folder = `${places.folder}/${name}_images`;
  const takesImages = offersImages && withImages;
  const go = () => {
    start.mutate(
      {
        kind: "restore",
        options: {
          snapshot: snapshot.id,
          database_as: name,
          ...(table === undefined ? {} : { only: [`/database/${source}/${table}`] }),
          ...(takesImages ? { images_to: folder, doc_path: folder } : {}),
        },
      },
      { onSuccess: (run) => { onStarted(run.id); } },
    );
  };
  return (
    <Card title={table === undefined ? t.steps.copy : restore.table.restore}>
      <TextField
        label={t.name}
        description={t.nameText}
        value={name}
        onChange={setTyped}
        isInvalid={error !== null}
        {...(error === null ? {} : { error: t[error] })}
        spellCheck="false"
        autoComplete="off"
        maxLength={64}
      />
      {offersImages && <CheckboxField label={t.withImages} description={t.withImagesText(folder)} isSelected={withImages} onChange={setWithImages} />}
      {table === undefined && hasImages(snapshot) && places.folder === "" && <p>{t.noFolder}</p>}
      <Facts
        wide
        items={[
          [t.review.backup, format.dateTime(snapshot.time)],
          [t.review.copy, name],
          [t.review.images, takesImages ? folder : null],
          [t.review.notTouched, t.review.live(places.live)],
        ]}
      />
      <div>
        <Button look="primary" isDisabled={error !== null || start.isPending || manifest.isPending} onPress={go}>
          {table === undefined ? t.start : restore.table.restore}
        </Button>
      </div>
      {start.isError && <ProblemBox problem={start.error} />}
      <CommandLine
        words={[
          "enamel", "restore", "-r", places.repository || "REPOSITORY", snapshot.short_id, "--database-to", "mariadb://root@localhost/", "--as", name,
          ...(table === undefined ? [] : ["--only", `/database/${source}/${table}`]),
          ...(takesImages ? ["--images-to", folder] : []),
        ]}
      />
    </Card>
  );
}

/** Which sentence of the catalogue refuses the name; null: none. */
export function nameProblem(name: string, live: string, others: string[]): "nameInvalid" | "nameLive" | "nameTaken" | null {
  if (!isDatabaseName(name)) return "nameInvalid";
  // Servers may take names with other letter case for the same.
  const wanted = name.toLowerCase();
  if (wanted === live.toLowerCase()) return "nameLive";
  if (others.some((other) => other.toLowerCase() === wanted)) return "nameTaken";
  return null;
}
