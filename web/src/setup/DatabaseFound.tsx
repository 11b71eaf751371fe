import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Facts } from "@/ui/Facts";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { sentence } from "@/ui/ProblemBox";
import type { DatabaseProbe } from "./api";
import styles from "./setup.module.css";

/** What a look at the database found. */
export function DatabaseFound({ probe, onPractice }: { probe: DatabaseProbe; onPractice: (database: string) => void }) {
  const { setup, common } = useTexts();
  const t = setup.database;
  const format = useFormat();
  if (!probe.reachable) return probe.problems.length === 0 ? <Notice tone="bad" urgent title={t.notReachable} /> : null;
  const engines = Object.entries(probe.engines).map(([engine, n]) => `${format.count(n)} ${engine}`);
  const isPractice = probe.practice_title !== "" || probe.tables > 0;
  return (
    <>
      <Notice tone={isPractice ? "good" : "warn"} urgent title={isPractice ? t.found(probe.practice_title) : t.noPractice}>
        {!isPractice && (probe.practices ?? []).length > 0 && (
          <div className={styles["buttons"]}>
            {probe.practices?.map((name) => (
              <Button key={name} size="small" onPress={() => { onPractice(name); }}>
                {name}
              </Button>
            ))}
          </div>
        )}
      </Notice>
      <Facts
        items={[
          [t.facts.server, probe.server_version],
          [t.facts.program, probe.program_version === "" ? null : probe.program_version],
          [t.facts.tables, isPractice ? `${common.tables(probe.tables, format.count(probe.tables))} (${engines.join(", ")})` : null],
          [t.facts.size, isPractice ? format.bytes(probe.bytes) : null],
          [t.facts.images, probe.doc_path],
          [t.facts.folder, probe.data_folder.found ? probe.data_folder.path : t.folderNot],
        ]}
      />
      {!probe.data_folder.found && probe.data_folder.reason !== "" && <p className={styles["soft"]}>{sentence(probe.data_folder.reason)}</p>}
    </>
  );
}
