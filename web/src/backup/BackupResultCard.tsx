import type { BackupResult } from "@/api/results";
import { useTexts } from "@/texts";
import { Card } from "@/ui/Card";
import { Facts } from "@/ui/Facts";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { sentence } from "@/ui/ProblemBox";
import list from "@/ui/List.module.css";

const SHOWN = 200;

/** What a backup left: what it holds, how long the office was paused, and each thing that is missing from it. */
export function BackupResultCard({ result }: { result: BackupResult }) {
  const { runs, common } = useTexts();
  const t = runs.result;
  const format = useFormat();
  const missing = result.errors ?? [];
  const warnings = result.warnings ?? [];
  const paused = result.lock_method === "none" ? t.noLock : result.lock_seconds === undefined ? null : format.duration(result.lock_seconds);
  const rows =
    result.tables === undefined || result.rows === undefined || result.tables === 0
      ? null
      : `${common.tables(result.tables, format.count(result.tables))}, ${common.rows(result.rows, format.count(result.rows))}`;
  const added = result.data_added;
  const stored = result.data_added_packed;
  return (
    <Card title={common.details}>
      {missing.length > 0 && (
        <Notice tone="warn" title={t.missing}>
          <ul className={list["bullets"]}>
            {missing.slice(0, SHOWN).map((finding) => (
              <li key={finding.path}>
                <span className={list["mono"]}>{finding.path}</span> {sentence(finding.what)}
              </li>
            ))}
            {missing.length > SHOWN && <li>{t.missingMore(format.count(missing.length - SHOWN))}</li>}
          </ul>
        </Notice>
      )}
      <Facts
        items={[
          [t.paused, paused],
          [t.took, result.total_duration === undefined ? null : format.duration(result.total_duration)],
          [t.database, rows],
          [t.images, result.total_files_processed === undefined ? null : format.count(result.total_files_processed)],
          [t.added, added === undefined ? null : `${format.bytes(added)}${stored === undefined ? "" : ` (${t.stored(format.bytes(stored))})`}`],
        ]}
      />
      {warnings.length > 0 && (
        <Notice tone="neutral" title={t.warnings}>
          <ul className={list["bullets"]}>
            {warnings.map((warning) => (
              <li key={warning}>{sentence(warning)}</li>
            ))}
          </ul>
        </Notice>
      )}
    </Card>
  );
}
