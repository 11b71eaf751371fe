// What the restore screens ask the service for.
import { infiniteQueryOptions, queryOptions, useMutation, useQuery, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import { api, ask, askPath, type Run, type Snapshot } from "@/api/client";
import { rememberRun } from "@/api/events";
import { overviewQuery } from "@/api/queries";
import { useSession } from "@/app/session";

export interface Database {
  name: string;
  kind: "live" | "restored" | "aside" | "other";
  bytes: number | null;
  tables: number;
  program_version: string | null;
  database_version: string | null;
  snapshot: string | null;
  made: string | null;
  /** The run that "undo" takes back. */
  undo: number | null;
  /** It was put aside and can take its place again; also where no run did it, but the command line. */
  can_undo?: boolean;
}

export function mayUndo(database: Database): boolean {
  return database.can_undo ?? database.undo !== null;
}

export interface Databases {
  live: string;
  databases: Database[];
  restore_folder?: string;
  repository?: string;
}

export interface Versions {
  program: string | null;
  database: string | null;
}

export interface ComparedTable {
  name: string;
  live_rows: number | null;
  copy_rows: number | null;
}

export interface Comparison {
  live: string;
  copy: string;
  tables: ComparedTable[];
  live_versions: Versions;
  copy_versions: Versions;
  live_newest_log: string | null;
  copy_newest_log: string | null;
  warnings: string[];
  blockers: string[];
}

export interface RestoreOptions {
  snapshot: string;
  database_as?: string;
  images_to?: string;
  files_to?: string;
  only?: string[];
  doc_path?: string;
}

export type RestoreRequest =
  | { kind: "restore"; options: RestoreOptions }
  | { kind: "go_live"; options: { database: string; confirm: string } }
  | { kind: "undo"; options: { run?: number; aside?: string; confirm: string } };

/** What `enamel restore --json` prints at its end. */
export interface RestoreResult {
  complete?: boolean;
  total_duration?: number;
  snapshot_id?: string;
  database?: { name: string; tables: number; rows: number };
  images?: { files: number; directories: number; bytes: number };
  files?: { files: number; directories: number; bytes: number };
  warnings?: string[];
  errors?: { path: string; what: string }[];
  what_is_left?: string;
}

const SNAPSHOTS_PAGE = 500;
export const ENTRIES_PAGE = 200;

/** All backups, newest first, a page at a time. */
export const allSnapshotsQuery = infiniteQueryOptions({
  queryKey: ["snapshots", "all"],
  queryFn: ({ pageParam }) => ask(api.GET("/api/v1/snapshots", { params: { query: { skip: pageParam, limit: SNAPSHOTS_PAGE } } })),
  initialPageParam: 0,
  getNextPageParam: (last, pages) => {
    const seen = pages.reduce((sum, page) => sum + page.snapshots.length, 0);
    return last.snapshots.length > 0 && seen < last.total ? seen : undefined;
  },
});

export function snapshotQuery(id: string) {
  return queryOptions({
    queryKey: ["snapshots", "one", id],
    queryFn: () => ask(api.GET("/api/v1/snapshots/{id}", { params: { path: { id } } })),
  });
}

export function tablesQuery(snapshot: string) {
  return queryOptions({
    queryKey: ["restore", "tables", snapshot],
    queryFn: () => ask(api.GET("/api/v1/snapshots/{id}/tables", { params: { path: { id: snapshot } } })),
    staleTime: Infinity,
  });
}

/** A folder's entries, a page at a time. */
export function entriesQuery(snapshot: string, path: string) {
  return infiniteQueryOptions({
    queryKey: ["restore", "entries", snapshot, path],
    queryFn: ({ pageParam }) => {
      const after = pageParam === "" ? "" : `&after=${pageParam}`;
      return askPath<{ entries: Entry[]; total: number; more: boolean }>(
        "GET",
        `/api/v1/snapshots/${snapshot}/entries?path=${path}&limit=${String(ENTRIES_PAGE)}${after}`,
      );
    },
    initialPageParam: "",
    getNextPageParam: (last) => (last.more ? last.entries.at(-1)?.encoded_name : undefined),
    staleTime: Infinity,
  });
}

export interface Entry {
  name: string;
  encoded_name: string;
  type: string;
  size: number | null;
  modified: string;
}

export const databasesQuery = queryOptions({
  queryKey: ["databases"],
  queryFn: () => askPath<Databases>("GET", "/api/v1/databases"),
});

export function comparisonQuery(name: string) {
  return queryOptions({
    queryKey: ["comparison", name],
    queryFn: () => askPath<Comparison>("GET", `/api/v1/databases/${encodeURIComponent(name)}/comparison`),
  });
}

/** Addresses that the browser itself asks for. */
export const addresses = {
  file: (snapshot: string, path: string) => `/api/v1/snapshots/${snapshot}/file?path=${path}`,
};

export function useStartRestore(): UseMutationResult<Run, Error, RestoreRequest> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: RestoreRequest) => askPath<Run>("POST", "/api/v1/runs", request),
    onSuccess: (run) => {
      rememberRun(client, run);
    },
  });
}

/** Complete, and no practice run found a fault in it. */
export function isGood(snapshot: Snapshot): boolean {
  return snapshot.complete && snapshot.drill?.passed !== false;
}

export function hasDatabase(snapshot: Snapshot): boolean {
  return snapshot.paths.includes("/database");
}

export function hasImages(snapshot: Snapshot): boolean {
  return snapshot.paths.includes("/images");
}

export interface Places {
  /** Empty: none is set up, or it is not known to who may not administer. */
  folder: string;
  repository: string;
  live: string;
}

/** Where things are: administrators read it in the settings, all others as far as the list of databases says it. */
export function usePlaces(): Places {
  const session = useSession();
  const settings = useQuery({
    queryKey: ["settings"],
    queryFn: () => ask(api.GET("/api/v1/settings")),
    enabled: session.may_administer,
  });
  const databases = useQuery(databasesQuery);
  return {
    folder: databases.data?.restore_folder ?? settings.data?.restore.folder ?? "",
    repository: databases.data?.repository ?? settings.data?.repository.path ?? "",
    live: databases.data?.live ?? "opendental",
  };
}

/** The practice's time zone, "" while it is not known. */
export function useZone(): string {
  return useQuery({ ...overviewQuery, select: (overview) => overview.time_zone }).data ?? "";
}
