import type { Run } from "@/api/client";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { ProblemBox } from "@/ui/ProblemBox";
import { useStartRun } from "./useStartRun";
import styles from "./runs.module.css";

/** A practice run of the newest backup, or of the one named. */
export function StartDrill({ active, snapshot, look = "plain" }: { active: Run[]; snapshot?: string; look?: "plain" | "primary" }) {
  const { overview, runs } = useTexts();
  const start = useStartRun();
  const isRunning = active.some((run) => run.kind === "drill");
  return (
    <div className={styles["start"]}>
      <Button
        look={look}
        icon="drill"
        isDisabled={start.isPending || isRunning}
        onPress={() => { start.mutate({ kind: "drill", options: snapshot === undefined ? {} : { snapshot } }); }}
      >
        {start.isPending ? runs.progress.starting : overview.startDrill}
      </Button>
      {start.isError && <ProblemBox problem={start.error} />}
    </div>
  );
}
