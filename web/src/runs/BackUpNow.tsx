import type { Run } from "@/api/client";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { ProblemBox } from "@/ui/ProblemBox";
import { useStartRun } from "./useStartRun";
import styles from "./runs.module.css";

/** The one big button. While a backup is on its way it says so, and cannot be pressed again. */
export function BackUpNow({ active, withImages = true }: { active: Run[]; withImages?: boolean }) {
  const { overview } = useTexts();
  const start = useStartRun();
  const isRunning = active.some((run) => run.kind === "backup");
  const label = start.isPending ? overview.backUpNow.starting : isRunning ? overview.backUpNow.running : overview.backUpNow.action;
  return (
    <div className={styles["start"]}>
      <Button
        look="primary"
        size="large"
        icon="backup"
        isDisabled={start.isPending || isRunning}
        onPress={() => { start.mutate({ kind: "backup", options: withImages ? {} : { images: false } }); }}
      >
        {label}
      </Button>
      <p className={styles["startText"]}>{overview.backUpNow.text}</p>
      {start.isError && <ProblemBox problem={start.error} />}
    </div>
  );
}
