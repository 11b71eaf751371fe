// Figures of a run at work: how far, how fast, how long yet.
import type { Run } from "@/api/client";

/** 0 to 1; null: not known, or all that is counted is done and something else goes on. */
export function fractionOf(progress: Run["progress"]): number | null {
  const { bytes_done, bytes_total, tables_done, tables_total, files_done, files_total } = progress;
  const [done, total] =
    bytes_total > 0 && bytes_done < bytes_total
      ? [bytes_done, bytes_total]
      : files_total > 0 && files_done < files_total
        ? [files_done, files_total]
        : [tables_done, tables_total];
  return total > 0 && done < total ? done / total : null;
}

interface Sample {
  at: number;
  bytes: number;
}

const WINDOW_MS = 8000;

/** Bytes a second over the last few seconds, from what was seen of a run. Pure but for what it was told. */
export class SpeedMeter {
  private samples: Sample[] = [];

  add(at: number, bytes: number): void {
    const last = this.samples.at(-1);
    if (last && (bytes < last.bytes || at < last.at)) this.samples = []; // begun anew
    if (last?.bytes === bytes && last.at === at) return;
    this.samples.push({ at, bytes });
    while (this.samples.length > 2 && at - (this.samples[0]?.at ?? at) > WINDOW_MS) this.samples.shift();
  }

  /** null: too little was seen to say. */
  bytesPerSecond(): number | null {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (!first || !last || last.at - first.at < 500) return null;
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }
}

/** Seconds that are left; null: not known, or standing still. */
export function secondsLeft(progress: Run["progress"], bytesPerSecond: number | null): number | null {
  if (progress.bytes_total <= progress.bytes_done || bytesPerSecond === null || bytesPerSecond <= 0) return null;
  return Math.max(0, (progress.bytes_total - progress.bytes_done) / bytesPerSecond);
}
