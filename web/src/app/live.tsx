// The event stream of whoever is signed in.
import { useQueryClient } from "@tanstack/react-query";
import { createContext, use, useEffect, useState, type ReactNode } from "react";
import { LiveEvents } from "@/api/events";

/** Shorter losses are nothing to worry people with: the service renews streams by itself. */
const NOTICED_AFTER_MS = 8000;

const LiveContext = createContext(true);

export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [connected, setConnected] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const events = new LiveEvents(client, (is) => {
      clearTimeout(timer);
      if (is) setConnected(true);
      else
        timer = setTimeout(() => {
          setConnected(false);
        }, NOTICED_AFTER_MS);
    });
    events.start();
    return () => {
      clearTimeout(timer);
      events.stop();
    };
  }, [client]);
  return <LiveContext value={connected}>{children}</LiveContext>;
}

/** false: what is shown may be old. */
export function useIsLive(): boolean {
  return use(LiveContext);
}
