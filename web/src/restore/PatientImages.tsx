import { useState } from "react";
import type { Snapshot } from "@/api/client";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { CommandLine } from "@/ui/CommandLine";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { CheckboxField } from "@/ui/fields";
import { addresses, type Patient, type PatientImage } from "./api";
import { DownloadLink } from "./DownloadLink";
import { ImagePreview } from "./ImagePreview";
import { plainPath } from "./paths";
import { nameOf } from "./PatientScreen";
import { RestoreToFolder } from "./RestoreToFolder";
import { Thumbnail } from "./Thumbnail";
import styles from "./PatientImages.module.css";

/** A patient's images as they are in the backup: look at them, save one, some or all, or put them into a folder. */
export function PatientImages({ snapshot, patient, images }: { snapshot: Snapshot; patient: Patient; images: PatientImage[] }) {
  const { restore, common } = useTexts();
  const t = restore.patient;
  const format = useFormat();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [looking, setLooking] = useState<PatientImage | null>(null);
  const [asking, setAsking] = useState(false);
  const there = images.filter((image) => image.size !== null);
  const missing = images.length - there.length;
  const taken = selected.size === 0 ? there : there.filter((image) => selected.has(image.path));
  const paths = taken.map((image) => image.path);
  const plain = paths.map(plainPath).filter((path) => path !== null);
  const toggle = (path: string, on: boolean) => {
    const next = new Set(selected);
    if (on) next.add(path);
    else next.delete(path);
    setSelected(next);
  };
  return (
    <Card
      title={t.images(nameOf(patient))}
      actions={
        there.length > 0 && (
          <>
            <DownloadLink href={addresses.archive(snapshot.id, paths)}>
              {selected.size === 0 ? t.downloadAll : t.downloadSelected(selected.size)}
            </DownloadLink>
            <Button size="small" icon="folder" isDisabled={plain.length === 0} onPress={() => { setAsking(true); }}>
              {selected.size === 0 ? t.putBack : t.putBackSelected(selected.size)}
            </Button>
          </>
        )
      }
    >
      {images.length === 0 && <Notice tone="neutral" title={t.noImages} />}
      {images.length > 0 && <p className={styles["soft"]}>{t.counts(common.images(images.length, format.count(images.length)), format.count(missing))}</p>}
      <ul className={styles["grid"]}>
        {images.map((image) => (
          <li key={image.document} className={styles["image"]}>
            {image.size === null ? (
              <div className={styles["absent"]}>{t.missing}</div>
            ) : (
              <Thumbnail snapshot={snapshot.id} path={image.path} name={image.name} onPress={() => { setLooking(image); }} />
            )}
            <div className={styles["words"]}>
              <strong>{image.description || image.name}</strong>
              <span className={styles["soft"]}>
                {[image.category, image.created === null ? "" : format.shortDayWithYear(image.created), image.size === null ? "" : format.bytes(image.size)]
                  .filter((word) => word !== "")
                  .join(" · ")}
              </span>
              {image.description !== "" && <span className={styles["file"]}>{image.name}</span>}
            </div>
            {image.size !== null && (
              <div className={styles["acts"]}>
                <CheckboxField label={t.select(image.description || image.name)} isSelected={selected.has(image.path)} onChange={(on) => { toggle(image.path, on); }} />
                <DownloadLink href={addresses.file(snapshot.id, image.path)} name={image.name}>
                  {t.download}
                </DownloadLink>
              </div>
            )}
          </li>
        ))}
      </ul>
      <CommandLine words={["enamel", "restore", snapshot.short_id, "--files-to", "FOLDER", ...plain.flatMap((path) => ["--only", path])]} />
      {looking !== null && <ImagePreview snapshot={snapshot.id} path={looking.path} name={looking.description || looking.name} onClose={() => { setLooking(null); }} />}
      {asking && <RestoreToFolder snapshot={snapshot} what={`${patient.last_name} ${patient.first_name}`} only={plain} text={t.putBackText} onClose={() => { setAsking(false); }} />}
    </Card>
  );
}
