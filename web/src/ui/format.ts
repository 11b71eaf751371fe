// Times, sizes and figures for people: in the practice's zone and the language that is switched on.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { overviewQuery } from "@/api/queries";
import { useLocale, useTexts, type Texts } from "@/texts";

const KB = 1000;
const UNITS = ["B", "KB", "MB", "GB", "TB", "PB"] as const;

export class Format {
  private readonly timeFormat: Intl.DateTimeFormat;
  private readonly timeSecondsFormat: Intl.DateTimeFormat;
  private readonly dateFormat: Intl.DateTimeFormat;
  private readonly longDateFormat: Intl.DateTimeFormat;
  private readonly weekdayFormat: Intl.DateTimeFormat;
  private readonly shortDateFormat: Intl.DateTimeFormat;
  private readonly keyFormat: Intl.DateTimeFormat;

  /** zone: an IANA name; empty, or one the browser does not know: the browser's own. */
  constructor(
    private readonly locale: string,
    zone: string,
    private readonly texts: Texts,
  ) {
    const timeZone = isZone(zone) ? zone : undefined;
    const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, timeZone });
    this.timeFormat = format({ hour: "numeric", minute: "2-digit" });
    this.timeSecondsFormat = format({ hour: "numeric", minute: "2-digit", second: "2-digit", timeZoneName: "short" });
    this.dateFormat = format({ weekday: "short", month: "short", day: "numeric", year: "numeric" });
    this.longDateFormat = format({ weekday: "long", month: "long", day: "numeric", year: "numeric" });
    this.weekdayFormat = format({ weekday: "long" });
    this.shortDateFormat = format({ month: "short", day: "numeric" });
    this.keyFormat = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone });
  }

  /** "2026-11-29": the day on the practice's calendar. */
  dayKey(moment: string | Date): string {
    return this.keyFormat.format(new Date(moment));
  }
  /** "12:31 PM" */
  time(moment: string | Date): string {
    return this.timeFormat.format(new Date(moment));
  }
  /** "Sun, Nov 29, 2026" */
  date(moment: string | Date): string {
    return this.dateFormat.format(new Date(moment));
  }
  /** "Nov 29" */
  shortDate(moment: string | Date): string {
    return this.shortDateFormat.format(new Date(moment));
  }
  /** "Sun, Nov 29, 2026, 12:31 PM" */
  dateTime(moment: string | Date): string {
    return `${this.date(moment)}, ${this.time(moment)}`;
  }
  /** With seconds and zone, for records: "Sunday, November 29, 2026, 12:31:07 PM CST" */
  exactly(moment: string | Date): string {
    const date = new Date(moment);
    return `${this.longDateFormat.format(date)}, ${this.timeSecondsFormat.format(date)}`;
  }
  /** "today 12:31 PM", "yesterday 8:00 PM", else the date and time. */
  when(moment: string | Date, now: string | Date = new Date()): string {
    const days = Math.round((Date.parse(this.dayKey(moment)) - Date.parse(this.dayKey(now))) / 86_400_000);
    if (days === 0) return this.texts.common.today(this.time(moment));
    if (days === -1) return this.texts.common.yesterday(this.time(moment));
    if (days === 1) return this.texts.common.tomorrow(this.time(moment));
    return this.dateTime(moment);
  }
  /** Of a calendar day "2026-11-29": "Sunday, November 29, 2026". */
  longDay(day: string): string {
    return new Intl.DateTimeFormat(this.locale, { dateStyle: "full", timeZone: "UTC" }).format(new Date(`${day}T12:00:00Z`));
  }
  /** Of a calendar day: "Nov 29". */
  shortDay(day: string): string {
    return new Intl.DateTimeFormat(this.locale, { month: "short", day: "numeric", timeZone: "UTC" }).format(
      new Date(`${day}T12:00:00Z`),
    );
  }
  /** Of a calendar day: "Nov 29, 2026"; what is no day ("0000-00-00") stays as it is. */
  shortDayWithYear(day: string): string {
    const date = new Date(`${day.slice(0, 10)}T12:00:00Z`);
    if (Number.isNaN(date.getTime())) return day;
    return new Intl.DateTimeFormat(this.locale, { dateStyle: "medium", timeZone: "UTC" }).format(date);
  }
  weekday(moment: string | Date): string {
    return this.weekdayFormat.format(new Date(moment));
  }
  /** "1,234,567" */
  count(n: number): string {
    return n.toLocaleString(this.locale);
  }
  /** "512 B", "3.4 MB": powers of a thousand, as disks are sold. */
  bytes(bytes: number): string {
    let unit = 0;
    let value = Math.max(0, bytes);
    while (unit + 1 < UNITS.length && (unit === 0 ? value >= KB : value >= 999.5)) {
      value /= KB;
      unit += 1;
    }
    const digits = unit === 0 || value >= 100 ? 0 : 1;
    return `${value.toLocaleString(this.locale, { maximumFractionDigits: digits })} ${UNITS[unit] ?? ""}`;
  }
  /** "0.04 s", "12 s", "3 min 20 s", "2 h 5 min" */
  duration(seconds: number): string {
    const { common } = this.texts;
    if (seconds < 10) {
      const digits = seconds < 1 ? 2 : 1;
      return common.seconds(seconds.toLocaleString(this.locale, { maximumFractionDigits: digits }));
    }
    const whole = Math.round(seconds);
    if (whole < 60) return common.seconds(this.count(whole));
    if (whole < 3600) return common.minutes(Math.floor(whole / 60), whole % 60);
    const minutes = Math.round(whole / 60);
    return common.hours(Math.floor(minutes / 60), minutes % 60);
  }
}

function isZone(zone: string): boolean {
  if (zone === "") return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

export function useFormat(): Format {
  const locale = useLocale();
  const texts = useTexts();
  const { data } = useQuery({ ...overviewQuery, select: (overview) => overview.time_zone });
  return useMemo(() => new Format(locale, data ?? "", texts), [locale, data, texts]);
}
