// The settings, as the service keeps them in the practice's configuration.
import { keepPreviousData, queryOptions, useMutation, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import { api, ask, askPath, type Schemas } from "@/api/client";
import { keys } from "@/api/queries";

export type Settings = Schemas["Settings"];
export type SettingsChange = Schemas["SettingsChange"];
export type Retention = Settings["retention"];
export type Weekday = Settings["schedule"]["days"][number];
export type Secret = "database" | "smtp" | "webhook_url" | "ping_url";
export type Channel = "email" | "webhook" | "ping";

export const weekdays: readonly Weekday[] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: () => ask(api.GET("/api/v1/settings")),
});

export interface Saved {
  change?: SettingsChange;
  /** Values that are kept in files of their own; an empty one takes the secret away. */
  secrets?: Partial<Record<Secret, string>>;
}

/** Saves what changed: secrets first, as the settings may need them. */
export function useSaveSettings(): UseMutationResult<Settings, Error, Saved> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ change = {}, secrets = {} }: Saved) => {
      for (const [name, value] of Object.entries(secrets))
        await ask(api.PUT("/api/v1/secrets/{name}", { params: { path: { name: name as Secret } }, body: { value } }));
      return ask(api.PUT("/api/v1/settings", { body: change }));
    },
    onSuccess: (settings) => {
      client.setQueryData(settingsQuery.queryKey, settings);
      void client.invalidateQueries({ queryKey: keys.overview });
      void client.invalidateQueries({ queryKey: ["retention"] });
      void client.invalidateQueries({ queryKey: ["setup"] });
    },
  });
}

/** What rules that were not saved yet would keep and remove. */
export function previewQuery(rules: Retention) {
  return queryOptions({
    queryKey: ["retention", rules],
    queryFn: () => ask(api.GET("/api/v1/retention/preview", { params: { query: rules } })),
    placeholderData: keepPreviousData,
  });
}

export function useTestAlert(): UseMutationResult<{ delivered: boolean; detail: string }, Error, Channel> {
  return useMutation({
    mutationFn: (channel: Channel) => askPath<{ delivered: boolean; detail: string }>("POST", "/api/v1/alerts/test", { channel }),
  });
}
