// What the overview is going to say of alerts and the backup disk: its description does not have them yet.
import type { Overview } from "@/api/client";

export interface Alert {
  id: number;
  code: string;
  severity: "warning" | "critical";
  title: string;
  detail: string;
  advice: string;
  since: string;
  ended: string | null;
  run: number | null;
  muted_until: string | null;
}

export interface Destination {
  free: number | null;
  total: number | null;
  checked: string | null;
  full_in_days: number | null;
}

/** Of a service that does not tell them yet: none. */
export function alertsOf(overview: Overview): Alert[] {
  return (overview as { alerts?: Alert[] }).alerts ?? [];
}

export function destinationOf(overview: Overview): Destination | null {
  return (overview as { destination?: Destination }).destination ?? null;
}
