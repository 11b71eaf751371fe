// What runs leave behind, as `--json` prints it (src/jobs/result_json.cpp, src/jobs/drill_report.cpp). The API's description says
// "object" only; members are optional where an older version may not have written them.

export interface Finding {
  path: string;
  what: string;
}

export interface BackupResult {
  complete?: boolean;
  lock_seconds?: number;
  lock_wait_seconds?: number;
  lock_method?: string;
  tables?: number;
  rows?: number;
  files_new?: number;
  files_changed?: number;
  files_unmodified?: number;
  data_added?: number;
  data_added_packed?: number;
  total_files_processed?: number;
  total_bytes_processed?: number;
  total_duration?: number;
  snapshot_id?: string;
  warnings?: string[];
  errors?: Finding[];
}

export type CheckOutcome = "passed" | "failed" | "noted" | "not_applicable";

export interface DrillCheck {
  name: string;
  title: string;
  outcome: CheckOutcome;
  summary: string;
  findings: string[];
  findings_total: number;
  seconds: number;
}

export interface DrillReport {
  passed: boolean;
  program_version: string;
  repository_id: string;
  snapshot_id: string;
  snapshot_time: string;
  hostname: string;
  instant?: string;
  started: string;
  ended: string;
  database: string;
  server_version: string;
  drill_server_version: string;
  practice_title: string;
  database_version: string;
  opendental_version: string;
  newest_log_entry: string;
  tables: number;
  rows: number;
  documents: number;
  documents_left_out: number;
  images: number;
  images_read: number;
  image_bytes_read: number;
  images_chosen: string;
  seconds_restore: number;
  seconds_check: number;
  seconds_total: number;
  checks: DrillCheck[];
  warnings: string[];
}
