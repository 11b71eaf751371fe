import { useMutation, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import { api, ask, type Run, type Schemas } from "@/api/client";
import { rememberRun } from "@/api/events";

/** Asks for a run. What is shown changes with the press, not with the answer: isPending is "Starting…". */
export function useStartRun(): UseMutationResult<Run, Error, Schemas["RunRequest"]> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["RunRequest"]) => ask(api.POST("/api/v1/runs", { body })),
    onSuccess: (run) => {
      rememberRun(client, run);
    },
  });
}

export function useRunAction(action: "cancel" | "resume"): UseMutationResult<Run, Error, number> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      action === "cancel"
        ? ask(api.POST("/api/v1/runs/{id}/cancel", { params: { path: { id } } }))
        : ask(api.POST("/api/v1/runs/{id}/resume", { params: { path: { id } } })),
    onSuccess: (run) => {
      rememberRun(client, run);
    },
  });
}
