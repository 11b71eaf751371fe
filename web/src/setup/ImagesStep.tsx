import { useState } from "react";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Facts } from "@/ui/Facts";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { ProblemBox } from "@/ui/ProblemBox";
import { TextField } from "@/ui/fields";
import { Problems } from "./Problems";
import { StepCard } from "./StepCard";
import { useSetupStep, type ImagesProbe } from "./api";
import styles from "./setup.module.css";

interface Asked {
  path: string;
  save: boolean;
}

/** Where the image folder is, as seen from this computer. */
export function ImagesStep({ path, onDone }: { path: string; onDone: () => void }) {
  const { setup } = useTexts();
  const t = setup.images;
  const format = useFormat();
  const [folder, setFolder] = useState(path);
  const look = useSetupStep<Asked, ImagesProbe>("images");
  const save = useSetupStep<Asked, ImagesProbe>("images");
  const probe = look.data;
  return (
    <StepCard title={t.title} intro={t.intro}>
      <TextField label={t.folder} description={t.folderText} value={folder} onChange={(next) => { setFolder(next); look.reset(); }} autoComplete="off" placeholder="/mnt/opendentimages" maxLength={4000} />
      <div className={styles["buttons"]}>
        <Button look={probe === undefined ? "primary" : "plain"} isDisabled={folder.trim() === "" || look.isPending} onPress={() => { look.mutate({ path: folder.trim(), save: false }); }}>
          {look.isPending ? setup.looking : t.test}
        </Button>
        <Button look="quiet" onPress={onDone}>
          {path === "" ? t.skip : t.keep}
        </Button>
      </div>
      {look.isError && <ProblemBox problem={look.error} />}
      {probe && (
        <>
          <Notice tone={probe.exists && probe.readable ? "good" : "bad"} urgent title={!probe.exists ? t.missing : !probe.readable ? t.unreadable : t.found} />
          {probe.exists && probe.readable && (
            <Facts
              items={[
                [t.sampled, `${format.count(probe.files_sampled)} (${format.bytes(probe.bytes_sampled)})`],
                [t.documents, probe.documents_checked === 0 ? null : t.ofDocuments(format.count(probe.documents_found), format.count(probe.documents_checked))],
              ]}
            />
          )}
          <Problems problems={probe.problems} />
          {probe.exists && probe.readable && (
            <div>
              <Button look="primary" isDisabled={save.isPending} onPress={() => { save.mutate({ path: folder.trim(), save: true }, { onSuccess: onDone }); }}>
                {t.use}
              </Button>
            </div>
          )}
          {save.isError && <ProblemBox problem={save.error} />}
        </>
      )}
    </StepCard>
  );
}
