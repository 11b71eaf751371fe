import { useState } from "react";
import { useLocation } from "wouter";
import type { Snapshot } from "@/api/client";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Notice } from "@/ui/Notice";
import { ProblemBox } from "@/ui/ProblemBox";
import { TextField } from "@/ui/fields";
import { usePlaces, useStartRestore, useZone } from "./api";
import { folderName } from "./paths";
import styles from "./restore.module.css";

interface RestoreToFolderProps {
  snapshot: Snapshot;
  /** What the folder is called after. */
  what: string;
  /** Paths in the backup, not encoded. */
  only: string[];
  /** More to say, given the folder in which the new one is made. */
  text?: (folder: string) => string;
  onClose: () => void;
}

/** Asks for the name of a new folder below the one set up for restored files, and begins. */
export function RestoreToFolder({ snapshot, what, only, text, onClose }: RestoreToFolderProps) {
  const { restore, common } = useTexts();
  const t = restore.restoreTo;
  const places = usePlaces();
  const zone = useZone();
  const [, navigate] = useLocation();
  const [name, setName] = useState(() => folderName(what, new Date().toISOString(), zone));
  const start = useStartRestore();
  const valid = isFolderName(name);
  const go = () => {
    start.mutate(
      { kind: "restore", options: { snapshot: snapshot.id, files_to: `${places.folder}/${name}`, only } },
      { onSuccess: (run) => { navigate(`/restore/runs/${String(run.id)}`); } },
    );
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.title}
      buttons={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button look="primary" isDisabled={!valid || places.folder === "" || start.isPending} onPress={go}>
            {t.confirm}
          </Button>
        </>
      }
    >
      {places.folder === "" ? (
        <Notice tone="warn" title={restore.target.none} />
      ) : (
        <div className={styles["column"]}>
          <p>{text ? text(places.folder) : t.text}</p>
          <TextField
            label={t.name}
            description={t.below(places.folder)}
            value={name}
            onChange={setName}
            isInvalid={!valid}
            error={t.invalid}
            maxLength={120}
            autoComplete="off"
            spellCheck="false"
          />
        </div>
      )}
      {start.isError && <ProblemBox problem={start.error} />}
    </Dialog>
  );
}

/** One part of a path, as the service and every system take it. */
export function isFolderName(name: string): boolean {
  return /^[\p{L}\p{N}_-][\p{L}\p{N} ._-]{0,119}$/u.test(name) && !name.endsWith(" ") && !name.endsWith(".");
}
