import { createContext, use, useCallback, useState, type ReactNode } from "react";

const AnnouncerContext = createContext<(text: string) => void>(() => undefined);

/** A live region for what happens without anything that has the focus: "Backup complete". */
export function AnnouncerProvider({ children }: { children: ReactNode }) {
  const [text, setText] = useState("");
  const announce = useCallback((next: string) => {
    // The same words twice are only read out twice if they differ.
    setText((before) => (before === next ? `${next}\u00a0` : next));
  }, []);
  return (
    <AnnouncerContext value={announce}>
      {children}
      <div className="visually-hidden" role="status" aria-live="polite">
        {text}
      </div>
    </AnnouncerContext>
  );
}

/** announce("Backup complete"): screen readers say it when they get to it. */
export function useAnnounce(): (text: string) => void {
  return use(AnnouncerContext);
}
