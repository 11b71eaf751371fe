// Between what people type and what the settings hold.

/** "12:30, 7:05pm" and the like are not guessed at: hours and minutes of a clock with 24 hours. */
export function isTime(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}

/** Sorted, each once; what is no time is left out. */
export function cleanTimes(times: string[]): string[] {
  return [...new Set(times.filter(isTime))].sort();
}

/** One a line, or after a comma. */
export function listOf(text: string): string[] {
  return text
    .split(/[\n,;]/)
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

export interface DatabaseFields {
  host: string;
  port: string;
  database: string;
  user: string;
  /** Of the server on this computer; empty: over the network. */
  socket: string;
}

/** "mariadb://od@server:3306/opendental": what is typed never gets to be another part of the address. */
export function databaseUrl(fields: DatabaseFields): string {
  const user = encodeURIComponent(fields.user.trim());
  const port = fields.port.trim() === "" ? "" : `:${fields.port.trim()}`;
  const typed = fields.host.trim();
  const host = typed.includes(":") && !typed.startsWith("[") ? `[${typed}]` : typed || "localhost";
  const socket = fields.socket.trim() === "" ? "" : `?socket=${encodeURIComponent(fields.socket.trim()).replaceAll("%2F", "/")}`;
  return `mariadb://${user}@${host}${port}/${encodeURIComponent(fields.database.trim())}${socket}`;
}

/** null: it is none that this form can show; it is left as it is then. */
export function databaseFields(url: string): DatabaseFields | null {
  const match = /^(?:mariadb|mysql):\/\/([^@/?]*)@(\[[^\]]*\]|[^:/?]*)(?::(\d*))?\/([^?]*)(?:\?(.*))?$/.exec(url);
  if (!match) return null;
  const options = new URLSearchParams(match[5] ?? "");
  if ([...options.keys()].some((key) => key !== "socket")) return null;
  try {
    return {
      user: decodeURIComponent(match[1] ?? ""),
      host: (match[2] ?? "").replace(/^\[|\]$/g, ""),
      port: match[3] ?? "",
      database: decodeURIComponent(match[4] ?? ""),
      socket: options.get("socket") ?? "",
    };
  } catch {
    return null;
  }
}
