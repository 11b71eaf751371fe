import type { UseMutationResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { ProblemBox } from "@/ui/ProblemBox";
import type { Saved, Settings } from "./api";
import styles from "./settings.module.css";

interface SaveBarProps {
  save: UseMutationResult<Settings, Error, Saved>;
  isDisabled?: boolean;
  onSave: () => void;
  /** More buttons. */
  children?: ReactNode;
}

/** Saves a form, and says that it did or why not. */
export function SaveBar({ save, isDisabled = false, onSave, children }: SaveBarProps) {
  const { settings, common } = useTexts();
  return (
    <div className={styles["saveBar"]}>
      <div className={styles["saveButtons"]}>
        <Button look="primary" isDisabled={isDisabled || save.isPending} onPress={onSave}>
          {save.isPending ? settings.saving : common.save}
        </Button>
        <span role="status" className={styles["saved"]}>
          {save.isSuccess && settings.saved}
        </span>
      </div>
      {save.isError && <ProblemBox problem={save.error} />}
      {children}
    </div>
  );
}
