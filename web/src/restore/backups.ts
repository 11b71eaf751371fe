// Which backup to restore from: chosen by us, changed by whoever knows better.
import type { Snapshot } from "@/api/client";
import { isGood } from "./api";

/** Of the list (newest first): good ones first, the newest of them at the top; the others after them. */
export function byWorth(snapshots: Snapshot[]): Snapshot[] {
  return [...snapshots.filter(isGood), ...snapshots.filter((snapshot) => !isGood(snapshot))];
}

/** Not after the moment; newest first as the list is. */
export function upTo(snapshots: Snapshot[], moment: number): Snapshot[] {
  return snapshots.filter((snapshot) => Date.parse(snapshot.time) <= moment);
}

export interface CalendarDay {
  /** "2026-11-29" */
  day: string;
  inMonth: boolean;
  backups: number;
  good: number;
}

/** Six weeks that show the month ("2026-11"), from the Sunday (0) or Monday (1) before it. */
export function monthGrid(month: string, counts: ReadonlyMap<string, { backups: number; good: number }>, firstWeekday: 0 | 1): CalendarDay[][] {
  const [year = 1970, number = 1] = month.split("-").map(Number);
  const first = new Date(Date.UTC(year, number - 1, 1));
  const lead = (first.getUTCDay() - firstWeekday + 7) % 7;
  const weeks: CalendarDay[][] = [];
  for (let week = 0; week < 6; ++week) {
    const days: CalendarDay[] = [];
    for (let weekday = 0; weekday < 7; ++weekday) {
      const date = new Date(Date.UTC(year, number - 1, 1 - lead + week * 7 + weekday));
      const day = date.toISOString().slice(0, 10);
      const count = counts.get(day);
      days.push({ day, inMonth: day.startsWith(month), backups: count?.backups ?? 0, good: count?.good ?? 0 });
    }
    if (days.some((day) => day.inMonth)) weeks.push(days);
  }
  return weeks;
}

/** "2026-11" and -1 -> "2026-10" */
export function monthBeside(month: string, by: number): string {
  const [year = 1970, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

/** How many backups each day has, on the practice's calendar. */
export function countByDay(snapshots: Snapshot[], dayKey: (moment: string) => string): Map<string, { backups: number; good: number }> {
  const counts = new Map<string, { backups: number; good: number }>();
  for (const snapshot of snapshots) {
    const day = dayKey(snapshot.time);
    const count = counts.get(day) ?? { backups: 0, good: 0 };
    counts.set(day, { backups: count.backups + 1, good: count.good + (isGood(snapshot) ? 1 : 0) });
  }
  return counts;
}

/**
 * The instant at which the practice's clock shows day and time ("12:30"). Where summer time makes it twice or never, the
 * earlier one, or the hour after. zone "": the browser's.
 */
export function instantOf(day: string, time: string, zone: string): number {
  const wall = Date.parse(`${day}T${time}:00Z`);
  if (zone === "") return new Date(`${day}T${time}:00`).getTime();
  let instant = wall;
  for (let round = 0; round < 2; ++round) instant = wall - offsetAt(instant, zone);
  return instant;
}

/** Of the zone's clock to UTC, in milliseconds. */
function offsetAt(instant: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
  }).formatToParts(new Date(instant));
  const part = (type: string) => Number(parts.find((p) => p.type === type)?.value ?? 0);
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour") % 24, part("minute"), part("second"));
  return wall - Math.floor(instant / 1000) * 1000;
}
