import { useState } from "react";
import { usePreferences } from "@/app/preferences";
import { useTexts } from "@/texts";
import { useAnnounce } from "./Announcer";
import { Button } from "./Button";
import styles from "./CommandLine.module.css";

/** In the technician's view: the command that does the same. Words with blanks and the like are quoted for a shell. */
export function CommandLine({ words }: { words: string[] }) {
  const { common } = useTexts();
  const { technician } = usePreferences();
  const announce = useAnnounce();
  const [copied, setCopied] = useState(false);
  if (!technician) return null;
  const line = words.map(quoted).join(" ");
  const copy = () => {
    navigator.clipboard.writeText(line).then(
      () => {
        setCopied(true);
        announce(common.copied);
      },
      () => undefined, // refused by the browser: the text can be marked by hand
    );
  };
  return (
    <figure className={styles["command"]}>
      <figcaption>{common.sameCommand}</figcaption>
      <div>
        {/* Long lines scroll; the keyboard must reach them. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <pre tabIndex={0}>{line}</pre>
        <Button size="small" icon="copy" iconOnly onPress={copy}>
          {copied ? common.copied : common.copy}
        </Button>
      </div>
    </figure>
  );
}

/** As a POSIX shell reads it back. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
