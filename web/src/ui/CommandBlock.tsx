import { useState } from "react";
import { useTexts } from "@/texts";
import { useAnnounce } from "./Announcer";
import { Button } from "./Button";
import styles from "./CommandLine.module.css";

/** Lines for a terminal that a person is to run; shown to everybody, copied whole. */
export function CommandBlock({ label, lines }: { label: string; lines: string[] }) {
  const { common } = useTexts();
  const announce = useAnnounce();
  const [copied, setCopied] = useState(false);
  const text = lines.join("\n");
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => {
        setCopied(true);
        announce(common.copied);
      },
      () => undefined, // refused by the browser: the text can be marked by hand
    );
  };
  return (
    <figure className={styles["command"]}>
      <figcaption>{label}</figcaption>
      <div>
        {/* Long lines scroll; the keyboard must reach them. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <pre tabIndex={0}>{text}</pre>
        <Button size="small" icon="copy" iconOnly onPress={copy}>
          {copied ? common.copied : common.copy}
        </Button>
      </div>
    </figure>
  );
}
