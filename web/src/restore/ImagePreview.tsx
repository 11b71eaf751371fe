import { useState } from "react";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { addresses } from "./api";
import { DownloadLink } from "./DownloadLink";
import styles from "./PatientImages.module.css";

/** Large, if the browser can show it. Whatever the file claims to be, the service says what it is and what it may do. */
export function ImagePreview({ snapshot, path, name, onClose }: { snapshot: string; path: string; name: string; onClose: () => void }) {
  const { restore, common } = useTexts();
  const [broken, setBroken] = useState(false);
  return (
    <Dialog
      wide
      isOpen
      onClose={onClose}
      title={name}
      buttons={
        <>
          <DownloadLink href={addresses.file(snapshot, path)} name={name}>
            {restore.patient.download}
          </DownloadLink>
          <Button onPress={onClose}>{common.close}</Button>
        </>
      }
    >
      {broken ? (
        <p>{restore.patient.noPreview}</p>
      ) : (
        <div className={styles["preview"]}>
          <img src={addresses.inline(snapshot, path)} alt={name} onError={() => { setBroken(true); }} />
        </div>
      )}
    </Dialog>
  );
}
