import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("src/styles/tokens.css", "utf8");

function block(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`);
  const body = css.slice(css.indexOf("{", start) + 1, css.indexOf("}", start));
  return new Map([...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map((match) => [match[1] ?? "", match[2] ?? ""]));
}

function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const light = block(":root");
const dark = block(':root[data-theme="dark"]');

describe("colours", () => {
  it("of the dark theme are the same, chosen or by the computer", () => {
    expect(block(':root:not([data-theme="light"])')).toEqual(dark);
  });

  it.each([
    ["light", light],
    ["dark", dark],
  ])("of the %s theme can be read", (_, theme) => {
    const of = (name: string) => theme.get(name) ?? "#000000";
    for (const ground of ["--ground", "--surface", "--surface-sunk", "--surface-raised"])
      for (const ink of ["--ink", "--ink-soft", "--accent"]) expect(contrast(of(ink), of(ground)), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    for (const tone of ["good", "warn", "bad"]) {
      expect(contrast(of(`--${tone}`), of(`--${tone}-soft`)), tone).toBeGreaterThanOrEqual(4.5);
      expect(contrast(of("--ink"), of(`--${tone}-soft`)), tone).toBeGreaterThanOrEqual(4.5);
      expect(contrast(of("--ink-soft"), of(`--${tone}-soft`)), tone).toBeGreaterThanOrEqual(4.5);
      expect(contrast(of(`--${tone}`), of("--surface")), tone).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(of("--on-accent"), of("--accent"))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of("--accent-strong"), of("--accent-soft"))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of("--line-strong"), of("--surface"))).toBeGreaterThanOrEqual(3);
    expect(contrast(of("--focus"), of("--surface"))).toBeGreaterThanOrEqual(3);
  });
});
