// Set-up, before anything else works.
import { queryOptions, useMutation, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import { api, ask, askPath, type Session } from "@/api/client";
import { Problem } from "@/api/problem";

export const stepNames = ["administrator", "database", "images", "repository", "kit", "schedule", "alerts"] as const;
export type StepName = (typeof stepNames)[number];

export interface SetupState {
  needed: boolean;
  steps: { name: StepName; done: boolean }[];
  free_dental_config: { host: string; database: string; user: string } | null;
}

export interface ProbeProblem {
  code: string;
  message: string;
  hint: string;
}

export interface DatabaseProbe {
  reachable: boolean;
  readable?: boolean;
  server_version: string;
  /** Databases of the server that are a practice's. */
  practices?: string[];
  practice_title: string;
  program_version: string;
  database_version: string;
  tables: number;
  bytes: number;
  engines: Record<string, number>;
  data_folder: { found: boolean; path: string; reason: string };
  doc_path: string | null;
  local_path_candidates: string[];
  missing_grants: string[];
  problems: ProbeProblem[];
}

export interface ImagesProbe {
  exists: boolean;
  readable: boolean;
  files_sampled: number;
  bytes_sampled: number;
  documents_checked: number;
  documents_found: number;
  problems: ProbeProblem[];
}

export interface DestinationProbe {
  exists: boolean;
  empty: boolean;
  is_repository: boolean;
  writable: boolean;
  free: number;
  total: number;
  write_mb_s: number | null;
  same_disk_as_data: boolean;
  problems: ProbeProblem[];
}

const nothingToSetUp: SetupState = { needed: false, steps: [], free_dental_config: null };

/** Whether set-up is to be shown. Who may not ask any more has nothing to set up. */
export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: async () => {
    try {
      return await askPath<SetupState>("GET", "/api/v1/setup");
    } catch (failure) {
      if (failure instanceof Problem && [401, 403, 404].includes(failure.status)) return nothingToSetUp;
      throw failure;
    }
  },
  staleTime: Infinity,
});

/** A step of set-up: asks, and then looks again how far set-up is. */
export function useSetupStep<Body, Answer>(path: string): UseMutationResult<Answer, Error, Body> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Body) => askPath<Answer>("POST", `/api/v1/setup/${path}`, body),
    // Not waited for: whoever asked goes on to the next step before this one is gone.
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: setupQuery.queryKey, exact: true });
    },
  });
}

export const challengeQuery = queryOptions({
  queryKey: ["setup", "challenge"],
  queryFn: () => askPath<{ positions: number[] }>("GET", "/api/v1/setup/kit/challenge"),
  staleTime: Infinity,
});

/** Starts the first backup, ends set-up, and signs in as the new administrator where the password is still known. */
export async function finishSetup(account: { user: string; password: string } | null): Promise<Session | null> {
  await ask(api.POST("/api/v1/runs", { body: { kind: "backup" } }));
  await askPath<undefined>("POST", "/api/v1/setup/finish", {});
  if (account === null) return null;
  try {
    return await ask(api.POST("/api/v1/session", { body: account }));
  } catch {
    return null; // set-up is finished all the same: the sign-in screen says why
  }
}

/** The first step that is not done; one that was left out by choice counts as done. All done: their number. */
export function firstOpen(done: (name: StepName) => boolean): number {
  const open = stepNames.findIndex((name) => !done(name));
  return open === -1 ? stepNames.length : open;
}
