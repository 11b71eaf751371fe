// Calendar months as grids of weeks, all on days without a zone ("2026-11-29").

export interface Month {
  /** "2026-11" */
  key: string;
  /** Weeks of seven; null before the first and after the last day. */
  weeks: (string | null)[][];
}

/** From the month of the first day to that of the last, newest first; at most `max`. firstDay: of the week, 0 is Sunday. */
export function monthsBetween(first: string, last: string, firstDay: number, max: number): Month[] {
  const months: Month[] = [];
  let [year, month] = last.slice(0, 7).split("-").map(Number) as [number, number];
  const end = first.slice(0, 7);
  while (months.length < max) {
    const key = `${String(year)}-${String(month).padStart(2, "0")}`;
    if (key < end) break;
    months.push({ key, weeks: weeksOf(year, month, key, firstDay) });
    month -= 1;
    if (month === 0) [year, month] = [year - 1, 12];
  }
  return months;
}

function weeksOf(year: number, month: number, key: string, firstDay: number): (string | null)[][] {
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const lead = (new Date(Date.UTC(year, month - 1, 1)).getUTCDay() - firstDay + 7) % 7;
  const cells: (string | null)[] = Array.from({ length: lead }, () => null);
  for (let day = 1; day <= count; ++day) cells.push(`${key}-${String(day).padStart(2, "0")}`);
  while (cells.length % 7 !== 0) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}
