import "uplot/dist/uPlot.min.css";
import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import type { Schemas } from "@/api/client";
import { usePreferences } from "@/app/preferences";
import { useLocale, useTexts } from "@/texts";
import { useFormat, type Format } from "@/ui/format";
import styles from "./Sizes.module.css";

type SizeDay = Schemas["Sizes"]["days"][number];

const HEIGHT = 240;
const BAR = { size: [0.5, 14] as [number, number] };

function secondsOf(day: string): number {
  return Date.parse(`${day}T12:00:00Z`) / 1000;
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function optionsOf(width: number, names: { data: string; added: string; date: string }, format: Format, locale: string): uPlot.Options {
  const ink = colour("--ink-soft");
  const grid = { stroke: colour("--line"), width: 1 };
  const bytes = (_: uPlot, values: (number | null)[]) => values.map((value) => (value === null ? "" : format.bytes(value)));
  const shortDate = new Intl.DateTimeFormat(locale, { month: "short", day: "numeric", timeZone: "UTC" });
  const font = "12px Inter Variable, sans-serif";
  const shown = (_: uPlot, value: number | null) => (value === null ? "" : format.bytes(value));
  return {
    width,
    height: HEIGHT,
    tzDate: (seconds) => new Date(seconds * 1000),
    cursor: { drag: { x: false, y: false } },
    scales: { x: { time: true }, y: { range: (_u, _min, max) => [0, max * 1.1 || 1] } },
    axes: [
      { stroke: ink, font, grid: { show: false }, ticks: { show: false }, space: 70, values: (_u, splits) => splits.map((s) => shortDate.format(new Date(s * 1000))) },
      { stroke: ink, font, grid, ticks: { show: false }, size: 72, values: bytes },
    ],
    series: [
      { label: names.date, value: (_u, value: number | null) => (value === null ? "" : shortDate.format(new Date(value * 1000))) },
      { label: names.data, stroke: colour("--accent"), width: 2, fill: `${colour("--accent")}22`, points: { show: false }, value: shown },
      { label: names.added, stroke: colour("--warn-strong"), fill: `${colour("--warn-strong")}99`, paths: uPlot.paths.bars?.(BAR) ?? (() => null), points: { show: false }, value: shown },
    ],
  };
}

/** For the eye; the same figures stand in a table beside it, for everybody else. */
export default function SizeChart({ days }: { days: SizeDay[] }) {
  const { overview } = useTexts();
  const t = overview.chart;
  const format = useFormat();
  const locale = useLocale();
  const { theme } = usePreferences();
  const systemDark = useSystemDark();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const chart = new uPlot(
      optionsOf(element.clientWidth, { data: t.data, added: t.added, date: t.date }, format, locale),
      [days.map((day) => secondsOf(day.day)), days.map((day) => day.data_bytes), days.map((day) => day.stored_bytes)],
      element,
    );
    const observer = new ResizeObserver(() => { chart.setSize({ width: element.clientWidth, height: HEIGHT }); });
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
    // Colours are read from the theme when the chart is made.
  }, [days, t, format, locale, theme, systemDark]);
  return <div ref={place} className={styles["chart"]} aria-hidden="true" />;
}

function useSystemDark(): boolean {
  const [dark, setDark] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches);
  useEffect(() => {
    const query = matchMedia("(prefers-color-scheme: dark)");
    const listen = () => { setDark(query.matches); };
    query.addEventListener("change", listen);
    return () => { query.removeEventListener("change", listen); };
  }, []);
  return dark;
}
