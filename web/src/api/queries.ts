// What the page asks the service for, under the keys by which it is kept and refreshed.
import { QueryClient, queryOptions } from "@tanstack/react-query";
import { api, ask, type Retention, type Run, type RunKind } from "./client";
import { Problem } from "./problem";

/** How many days the overview's strip has. */
export const STRIP_DAYS = 30;

function isWorthAnotherTry(failures: number, error: unknown): boolean {
  if (error instanceof Problem && error.status >= 400 && error.status < 500) return false;
  return failures < 2;
}

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Events say when something changed; this is for what they do not tell, and for a page that slept.
        staleTime: 20_000,
        refetchOnWindowFocus: true,
        retry: isWorthAnotherTry,
        retryDelay: (failures) => Math.min(1000 * 2 ** failures, 8000),
      },
      mutations: { retry: false },
    },
  });
}

export const keys = {
  session: ["session"] as const,
  overview: ["overview"] as const,
  runs: ["runs"] as const,
  run: (id: number) => ["run", id] as const,
  result: (id: number) => ["result", id] as const,
  snapshots: ["snapshots"] as const,
};

export const overviewQuery = queryOptions({
  queryKey: keys.overview,
  queryFn: () => ask(api.GET("/api/v1/overview", { params: { query: { days: STRIP_DAYS } } })),
  refetchInterval: 60_000,
});

export function runQuery(id: number) {
  return queryOptions({
    queryKey: keys.run(id),
    queryFn: () => ask(api.GET("/api/v1/runs/{id}", { params: { path: { id } } })),
  });
}

/** What a run left; it never changes. Result is what `--json` prints for its kind (api/results.ts). */
export function resultQuery<Result>(id: number) {
  return queryOptions({
    queryKey: keys.result(id),
    queryFn: async () => (await ask(api.GET("/api/v1/runs/{id}/result", { params: { path: { id } } }))) as Result,
    staleTime: Infinity,
  });
}

export function runsQuery(filter: { kind?: RunKind; before?: number; limit: number }) {
  return queryOptions({
    queryKey: [...keys.runs, filter],
    queryFn: () => ask(api.GET("/api/v1/runs", { params: { query: filter } })),
  });
}

export function snapshotsQuery(page: { skip: number; limit: number }) {
  return queryOptions({
    queryKey: [...keys.snapshots, page],
    queryFn: () => ask(api.GET("/api/v1/snapshots", { params: { query: page } })),
  });
}

export function hasEnded(run: Run): boolean {
  return run.state !== "queued" && run.state !== "running";
}

/** Everything that a run may have changed. */
export async function refreshAfterRun(client: QueryClient): Promise<void> {
  await Promise.all(
    [keys.overview, keys.runs, keys.snapshots, ["drills"], ["history"], ["retention"], ["databases"]].map((queryKey) =>
      client.invalidateQueries({ queryKey }),
    ),
  );
}

export function snapshotQuery(id: string) {
  return queryOptions({
    queryKey: [...keys.snapshots, id],
    queryFn: () => ask(api.GET("/api/v1/snapshots/{id}", { params: { path: { id } } })),
  });
}

/** For administrators only. */
export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: () => ask(api.GET("/api/v1/settings")),
});

export function sizesQuery(days: number) {
  return queryOptions({
    queryKey: ["history", "sizes", days],
    queryFn: () => ask(api.GET("/api/v1/history/sizes", { params: { query: { days } } })),
  });
}

/** Without rules: those of the settings. */
export function retentionQuery(rules?: Retention) {
  return queryOptions({
    queryKey: ["retention", rules ?? "configured"],
    queryFn: () => ask(api.GET("/api/v1/retention/preview", { params: { query: rules ?? {} } })),
  });
}
