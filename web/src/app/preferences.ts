// What a person chose for this browser: theme, language, technician's view. Kept in local storage, nothing of it is secret.
import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";
export const languages = ["en", "es"] as const;
export type Language = (typeof languages)[number];

export interface Preferences {
  theme: Theme;
  language: Language;
  /** Shows repository paths, ids and the same command lines. */
  technician: boolean;
}

const STORE = "enamel.preferences";

function isLanguage(value: unknown): value is Language {
  return languages.some((language) => language === value);
}

function browserLanguage(): Language {
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return wanted.find(isLanguage) ?? "en";
}

/** Whatever stands in the store may have been put there by another version, or by hand. */
export function parsePreferences(text: string | null): Preferences {
  let stored: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(text ?? "{}");
    if (typeof parsed === "object" && parsed !== null) stored = parsed as Record<string, unknown>;
  } catch {
    // as good as nothing
  }
  const theme = stored["theme"];
  return {
    theme: theme === "light" || theme === "dark" ? theme : "system",
    language: isLanguage(stored["language"]) ? stored["language"] : browserLanguage(),
    technician: stored["technician"] === true,
  };
}

function read(): string | null {
  try {
    return localStorage.getItem(STORE);
  } catch {
    return null; // switched off by the browser
  }
}

let current = parsePreferences(read());
const listeners = new Set<() => void>();

function apply(): void {
  if (current.theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = current.theme;
}
apply();

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  apply();
  try {
    localStorage.setItem(STORE, JSON.stringify(current));
  } catch {
    // lasts until the page is closed
  }
  for (const listener of listeners) listener();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
