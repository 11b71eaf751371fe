import { describe, expect, it } from "vitest";
import { anOverview, aRun } from "@/testing/overview";
import { en } from "@/texts/en";
import { es } from "@/texts/es";
import { Format } from "@/ui/format";
import { sentencesOf } from "./health";

const format = new Format("en-US", "America/Chicago", en);

describe("the three sentences", () => {
  it("say yes when all is well, with times of the practice's clock", () => {
    const sentences = sentencesOf(anOverview(), en.overview, format);
    expect(sentences.tone).toBe("good");
    expect(sentences.since).toContain("today 12:30");
    expect(sentences.restore).toMatch(/^Yes\..*today 5:05/);
    expect(sentences.advice).toBeNull();
  });

  it("have words and advice for every code of the service but the good one", () => {
    const codes = ["no_backup", "damaged", "overdue", "last_failed", "last_incomplete", "drill_failed", "never_drilled", "drill_overdue"] as const;
    for (const texts of [en, es])
      for (const code of codes) {
        const overview = anOverview({ health: { state: "warning", code, safe_as_of: null, proven_at: null } });
        const sentences = sentencesOf(overview, texts.overview, format);
        expect(sentences.safe).toBe(texts.overview.safe[code]);
        expect(sentences.advice).not.toBeNull();
      }
  });

  it("never call a practice safe for a code they do not know", () => {
    const health = { state: "unsafe", code: "something_new", safe_as_of: null, proven_at: null } as never;
    const sentences = sentencesOf(anOverview({ health, last_drill: null }), en.overview, format);
    expect(sentences.tone).toBe("bad");
    expect(sentences.safe).toBe("No.");
    expect(sentences.since).toBe(en.overview.since.nothing);
    expect(sentences.restore).toBe(en.overview.restore.never);
  });

  it("do not hide a practice run that failed behind an older one that passed", () => {
    const last_drill = aRun({ kind: "drill", state: "failed", ended: "2026-11-28T11:05:00Z" });
    const sentences = sentencesOf(anOverview({ last_drill }), en.overview, format);
    expect(sentences.restoreTone).toBe("bad");
    expect(sentences.restore).toContain("yesterday");
  });
});
