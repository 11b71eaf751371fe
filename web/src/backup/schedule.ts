/** "13:30" as the language shows a time of day: "1:30 PM". */
export function clockTime(time: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", timeZone: "UTC" }).format(new Date(`2000-01-01T${time}:00Z`));
}

/** As the service wants them: each once, in order, none empty. */
export function tidyTimes(times: string[]): string[] {
  return [...new Set(times.filter((time) => time !== "").map((time) => time.slice(0, 5)))].sort();
}

export const weekDays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type WeekDay = (typeof weekDays)[number];
