import type { ReactNode } from "react";
import type { Run } from "@/api/client";
import type { CheckOutcome, DrillCheck, DrillReport } from "@/api/results";
import { useTexts } from "@/texts";
import { Badge } from "@/ui/Badge";
import { Card, type Tone } from "@/ui/Card";
import { DataTable } from "@/ui/DataTable";
import { Facts } from "@/ui/Facts";
import { useFormat } from "@/ui/format";
import type { IconName } from "@/ui/Icon";
import { Notice } from "@/ui/Notice";
import { sentence } from "@/ui/ProblemBox";
import list from "@/ui/List.module.css";
import styles from "./Report.module.css";

const looks: Record<CheckOutcome, [Tone, IconName]> = {
  passed: ["good", "check"],
  failed: ["bad", "alert"],
  noted: ["neutral", "info"],
  not_applicable: ["neutral", "close"],
};

/** In the order of 45 CFR 164.308(a)(7)(ii)(A) to (E). */
export function Report({ run, report }: { run: Run; report: DrillReport }) {
  const { drills, runs } = useTexts();
  const t = drills.report;
  const format = useFormat();
  const text = (value: string | undefined) => (value === undefined || value === "" ? null : value);
  const exactly = (moment: string | undefined) => (moment === undefined ? null : format.exactly(moment));
  const count = (n: number) => format.count(n);
  return (
    <div className={styles["report"]}>
      <Notice tone={report.passed ? "good" : "bad"} title={report.passed ? t.passed : t.failed}>
        {report.practice_title !== "" && <p>{report.practice_title}</p>}
      </Notice>
      <Card title={t.sections.backup}>
        <Facts
          items={[
            [t.facts.practice, text(report.practice_title)],
            [t.facts.backupOf, exactly(report.snapshot_time)],
            [t.facts.instant, exactly(report.instant)],
            [t.facts.computer, text(report.hostname)],
            [t.facts.id, <span className={list["mono"]}>{report.snapshot_id}</span>],
            [t.facts.repository, <span className={list["mono"]}>{report.repository_id}</span>],
          ]}
        />
      </Card>
      <Card title={t.sections.recovery}>
        <Facts
          items={[
            [t.facts.database, text(report.database)],
            [t.facts.server, text(report.server_version)],
            [t.facts.into, t.facts.intoText(report.drill_server_version)],
            [t.facts.started, exactly(report.started)],
            [t.facts.ended, exactly(report.ended)],
            [t.facts.by, run.started_by === "schedule" ? runs.bySchedule : runs.by(run.started_by)],
          ]}
        />
      </Card>
      <Card title={t.sections.emergency}>
        <p>{t.emergencyText(format.duration(report.seconds_restore))}</p>
        <Facts
          items={[
            [t.facts.restoreTook, format.duration(report.seconds_restore)],
            [t.facts.checkTook, format.duration(report.seconds_check)],
            [t.facts.whole, format.duration(report.seconds_total)],
          ]}
        />
      </Card>
      <Card title={t.sections.testing}>
        <Checks checks={report.checks} />
        {report.warnings.length > 0 && (
          <Notice tone="neutral" title={t.warnings}>
            <ul className={list["bullets"]}>
              {report.warnings.map((warning) => (
                <li key={warning}>{sentence(warning)}</li>
              ))}
            </ul>
          </Notice>
        )}
        <p className={list["soft"]}>{t.notChecked}</p>
      </Card>
      <Card title={t.sections.criticality}>
        <Facts
          items={[
            [t.facts.tables, count(report.tables)],
            [t.facts.records, count(report.rows)],
            [t.facts.documents, count(report.documents)],
            [t.facts.leftOut, report.documents_left_out > 0 ? count(report.documents_left_out) : null],
            [t.facts.images, count(report.images)],
            [t.facts.imagesRead, <ImagesRead report={report} />],
            [t.facts.openDental, text(report.opendental_version)],
            [t.facts.databaseVersion, text(report.database_version)],
            [t.facts.newestEntry, text(report.newest_log_entry)],
            [t.facts.software, text(report.program_version)],
          ]}
        />
      </Card>
      <p className={list["soft"]}>{t.law}</p>
      <div className={styles["signature"]} aria-hidden="true">
        <span>{t.signed}</span>
        <span>{t.date}</span>
      </div>
    </div>
  );
}

function ImagesRead({ report }: { report: DrillReport }) {
  const { drills, common } = useTexts();
  const format = useFormat();
  const read = format.count(report.images_read);
  const size = format.bytes(report.image_bytes_read);
  if (report.images_read === 0) return <>{common.none}</>;
  const text = report.images_read === report.images ? drills.report.readAll(read) : drills.report.readSome(read, format.count(report.images));
  return (
    <>
      {text} ({size})
    </>
  );
}

function Checks({ checks }: { checks: DrillCheck[] }) {
  const { drills } = useTexts();
  const t = drills.report;
  const format = useFormat();
  const found = (check: DrillCheck): ReactNode => (
    <>
      {check.summary}
      {check.findings.length > 0 && (
        <ul className={list["bullets"]}>
          {check.findings.map((finding) => (
            <li key={finding}>{finding}</li>
          ))}
          {check.findings_total > check.findings.length && (
            <li>{t.moreFindings(check.findings_total - check.findings.length, format.count(check.findings_total - check.findings.length))}</li>
          )}
        </ul>
      )}
    </>
  );
  return (
    <DataTable
      caption={t.checks.title}
      empty=""
      rows={checks}
      rowKey={(check) => check.name}
      columns={[
        { key: "what", title: t.checks.what, isHeader: true, cell: (check) => sentence(check.title).replace(/\.$/, "") },
        {
          key: "result",
          title: t.checks.result,
          cell: (check) => (
            <Badge tone={looks[check.outcome][0]} icon={looks[check.outcome][1]}>
              {t.outcomes[check.outcome]}
            </Badge>
          ),
        },
        { key: "found", title: t.checks.found, cell: found },
        { key: "took", title: t.checks.took, numeric: true, cell: (check) => format.duration(check.seconds) },
      ]}
    />
  );
}
