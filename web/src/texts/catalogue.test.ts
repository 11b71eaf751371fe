import { describe, expect, it } from "vitest";
import { en } from "./en";
import { es } from "./es";

/** Every text under its path; functions are called with words in place of their arguments. */
function textsOf(value: unknown, path: string, found: Map<string, string>): Map<string, string> {
  if (typeof value === "string") found.set(path, value);
  else if (typeof value === "function")
    found.set(path, String((value as (...args: unknown[]) => unknown)(...Array.from({ length: value.length }, () => 3))));
  else if (typeof value === "object" && value !== null)
    for (const [key, inner] of Object.entries(value)) textsOf(inner, `${path}.${key}`, found);
  return found;
}

// Words that are the same in both languages.
const same = new Set([".common.product", ".common.no", ".overview.safeByState.unsafe", ".common.seconds", ".common.minutes", ".common.hours", ".runs.progress.perSecond", ".drills.report.facts.openDental"]);

describe("the catalogue", () => {
  const english = textsOf(en, "", new Map());
  const spanish = textsOf(es, "", new Map());

  it("has the same texts in both languages, the ones looked up by a name, too", () => {
    expect([...spanish.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it("has no empty text, and none that was left in English", () => {
    for (const [path, text] of spanish) {
      expect(text.trim(), path).not.toBe("");
      if (!same.has(path)) expect(text, path).not.toBe(english.get(path));
    }
  });

  it("keeps jargon out of what dental staff read", () => {
    const jargon = /\b(repository|snapshot|prune|blob|restic|mariadb|token)\b/i;
    const technical = /^\.(shell\.nav\.tokens|tokens)/;
    for (const [path, text] of english) if (!technical.test(path)) expect(text, path).not.toMatch(jargon);
  });
});
