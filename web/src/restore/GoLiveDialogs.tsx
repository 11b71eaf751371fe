// The two steps that change what the office works with. Both want the name of its database typed.
import { useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { ProblemBox } from "@/ui/ProblemBox";
import { TextField } from "@/ui/fields";
import { useStartRestore, type Comparison, type RestoreRequest } from "./api";
import styles from "./restore.module.css";

export function GoLiveDialog({ comparison, onClose }: { comparison: Comparison; onClose: () => void }) {
  const { restore } = useTexts();
  const t = restore.copy.dialog;
  const format = useFormat();
  const lost = comparison.copy_newest_log;
  return (
    <TypedConfirmation
      title={t.title}
      confirm={t.confirm}
      live={comparison.live}
      request={(confirm) => ({ kind: "go_live", options: { database: comparison.copy, confirm } })}
      onClose={onClose}
    >
      {lost !== null && <Notice tone="warn" title={t.lost(format.dateTime(lost))} />}
      <p>{restore.copy.makeLiveText}</p>
      <p>
        <strong>{t.closed}</strong>
      </p>
    </TypedConfirmation>
  );
}

export function UndoDialog({ live, aside, run, onClose }: { live: string; aside: string; run: number | null; onClose: () => void }) {
  const { restore } = useTexts();
  const t = restore.copy.undoDialog;
  return (
    <TypedConfirmation title={t.title} confirm={t.confirm} live={live} request={(confirm) => ({ kind: "undo", options: { ...(run === null ? { aside } : { run }), confirm } })} onClose={onClose}>
      <p>{t.text(aside)}</p>
      <p>
        <strong>{restore.copy.dialog.closed}</strong>
      </p>
    </TypedConfirmation>
  );
}

interface TypedConfirmationProps {
  title: string;
  confirm: string;
  live: string;
  request: (typed: string) => RestoreRequest;
  onClose: () => void;
  children: ReactNode;
}

function TypedConfirmation({ title, confirm, live, request, onClose, children }: TypedConfirmationProps) {
  const { restore, common } = useTexts();
  const [typed, setTyped] = useState("");
  const [, navigate] = useLocation();
  const start = useStartRestore();
  const go = () => {
    start.mutate(request(typed), { onSuccess: (run) => { navigate(`/restore/runs/${String(run.id)}`); } });
  };
  return (
    <Dialog
      alert
      isOpen
      onClose={onClose}
      title={title}
      buttons={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button look="danger" isDisabled={typed !== live || start.isPending} onPress={go}>
            {confirm}
          </Button>
        </>
      }
    >
      <div className={styles["column"]}>
        {children}
        <TextField
          label={restore.copy.dialog.type(live)}
          value={typed}
          onChange={setTyped}
          autoComplete="off"
          spellCheck="false"
          maxLength={64}
        />
        {start.isError && <ProblemBox problem={start.error} />}
      </div>
    </Dialog>
  );
}
