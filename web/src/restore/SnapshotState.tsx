import type { Snapshot } from "@/api/client";
import { useTexts } from "@/texts";
import { Badge } from "@/ui/Badge";
import { hasDatabase, hasImages } from "./api";
import styles from "./restore.module.css";

/** What is known of a backup: whole or not, proven or not, and what it is of if not of all. */
export function SnapshotState({ snapshot }: { snapshot: Snapshot }) {
  const { restore } = useTexts();
  const t = restore.backup;
  return (
    <span className={styles["badges"]}>
      {snapshot.complete ? (
        <Badge tone="good" icon="check">{t.complete}</Badge>
      ) : (
        <Badge tone="warn" icon="warning">{t.incomplete}</Badge>
      )}
      {snapshot.drill !== null &&
        (snapshot.drill.passed ? (
          <Badge tone="good" icon="drill">{t.proven}</Badge>
        ) : (
          <Badge tone="bad" icon="alert">{t.failed}</Badge>
        ))}
      {!hasImages(snapshot) && <Badge>{t.databaseOnly}</Badge>}
      {!hasDatabase(snapshot) && <Badge>{t.imagesOnly}</Badge>}
    </span>
  );
}

/** What the backup holds, in bytes; null: its summary does not say. */
export function sizeOf(snapshot: Snapshot): number | null {
  const bytes = (snapshot.summary as Record<string, unknown> | undefined)?.["total_bytes_processed"];
  return typeof bytes === "number" ? bytes : null;
}
