// Paths in a backup, and names for what is made from one. A path is kept percent-encoded, as `encoded_name` gives it: names may
// be any bytes, and it goes into addresses as it is.

/** "/images/A" and "Ad%C3%A1ms" -> "/images/A/Ad%C3%A1ms" */
export function joined(folder: string, encodedName: string): string {
  return folder === "/" ? `/${encodedName}` : `${folder}/${encodedName}`;
}

/** "/images/A/x" -> "/images/A"; of the top: the top. */
export function folderOf(path: string): string {
  const end = path.lastIndexOf("/");
  return end <= 0 ? "/" : path.slice(0, end);
}

/** For people; bytes that are no UTF-8 stay encoded. */
export function shownPath(path: string): string {
  return path.split("/").map(shownName).join("/");
}

function shownName(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** As a run's option `only` names it; null: its bytes are no UTF-8, which JSON cannot say. */
export function plainPath(path: string): string | null {
  try {
    return path.split("/").map(decodeURIComponent).join("/");
  } catch {
    return null;
  }
}

/** From the top down: each folder's name and path. */
export function crumbsOf(path: string): { name: string; path: string }[] {
  let at = "/";
  return path
    .split("/")
    .filter((part) => part !== "")
    .map((part) => {
      at = joined(at, part);
      return { name: shownName(part), path: at };
    });
}

const NAME_MAX = 64; // MariaDB's longest name of a database

/** "opendental" and "2026-11-29", "12:31 PM" -> "opendental_2026_11_29_1231": free to be changed, good to read in a list. */
export function copyName(database: string, moment: string, zone: string): string {
  return `${database.slice(0, NAME_MAX - 16)}_${stamp(moment, zone)}`;
}

/** Of a folder below the restore folder: what it is of, and the moment it is restored; two are never the same. */
export function folderName(what: string, now: string, zone: string): string {
  const words = what.normalize("NFD").replaceAll(/\p{M}/gu, "").replaceAll(/[^A-Za-z0-9]+/g, "_").replaceAll(/^_+|_+$/g, "");
  return `${words.slice(0, 60) || "restored"}_${stamp(now, zone, true)}`;
}

function stamp(moment: string, zone: string, seconds = false): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
    ...(zone === "" ? {} : { timeZone: zone }),
  }).formatToParts(new Date(moment));
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? "";
  return `${part("year")}_${part("month")}_${part("day")}_${part("hour")}${part("minute")}${seconds ? part("second") : ""}`;
}

/** Whether it may be a database's name: what every system and script around Open Dental can take. */
export function isDatabaseName(name: string): boolean {
  return /^[A-Za-z0-9_]{1,64}$/.test(name);
}
