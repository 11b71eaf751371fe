// What happens right now, from the service's event stream into the query cache.
import type { QueryClient } from "@tanstack/react-query";
import { api, ask, type Overview, type Run } from "./client";
import { Problem } from "./problem";
import { hasEnded, keys, refreshAfterRun } from "./queries";

const RETRY_MS_FIRST = 1000;
const RETRY_MS_MAX = 30_000;

/** Puts a run where all screens look for it. */
export function rememberRun(client: QueryClient, run: Run): void {
  const before = client.getQueryData<Run>(keys.run(run.id));
  if (before && hasEnded(before) && !hasEnded(run)) return; // an answer that was overtaken by an event
  client.setQueryData(keys.run(run.id), run);
  client.setQueryData<Overview>(keys.overview, (overview) => {
    if (!overview) return overview;
    const others = overview.active.filter((other) => other.id !== run.id);
    const active = hasEnded(run) ? others : [...others, run].sort((a, b) => a.id - b.id);
    return { ...overview, active };
  });
  if (before?.state !== run.state) void refreshAfterRun(client);
}

/**
 * Listens until stop() is called. The service ends every stream after some minutes, and a computer sleeps: the stream is
 * opened again, and what may have been missed is asked for.
 */
export class LiveEvents {
  private source: EventSource | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wait = RETRY_MS_FIRST;
  private opened = false;
  private stopped = false;

  constructor(
    private readonly client: QueryClient,
    private readonly onConnected: (connected: boolean) => void,
  ) {}

  start(): void {
    this.stopped = false;
    this.open();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  private open(): void {
    const source = new EventSource("/api/v1/events");
    this.source = source;
    source.onopen = () => {
      this.wait = RETRY_MS_FIRST;
      this.onConnected(true);
      if (this.opened) void refreshAfterRun(this.client).then(() => this.client.invalidateQueries({ queryKey: ["run"] }));
      this.opened = true;
    };
    source.onerror = () => {
      this.onConnected(false);
      if (source.readyState === EventSource.CLOSED) this.openLater();
    };
    source.addEventListener("run", (event: MessageEvent<string>) => {
      rememberRun(this.client, JSON.parse(event.data) as Run);
    });
    source.addEventListener("alert", () => {
      void this.client.invalidateQueries({ queryKey: keys.overview });
      void this.client.invalidateQueries({ queryKey: ["alerts"] });
    });
  }

  // The browser gave up: refused, or the service is gone. Which of the two, asking for the session tells.
  private openLater(): void {
    this.source?.close();
    this.source = null;
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.tryAgain(), this.wait);
    this.wait = Math.min(this.wait * 2, RETRY_MS_MAX);
  }

  private async tryAgain(): Promise<void> {
    try {
      await ask(api.GET("/api/v1/session"));
      if (!this.stopped) this.open();
    } catch (failure) {
      if (failure instanceof Problem && failure.status === 401) return; // the sign-in screen is shown already
      this.openLater();
    }
  }
}
