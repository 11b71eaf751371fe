import { useEffect, useRef, type ReactNode } from "react";
import { useTexts } from "@/texts";
import styles from "./Page.module.css";

let screensShown = 0;

interface PageProps {
  title: string;
  /** A sentence below the title. */
  intro?: ReactNode;
  /** Buttons beside the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A screen: sets the window's title, and hands the focus to the heading when a person came from another screen. */
export function Page({ title, intro, actions, children }: PageProps) {
  const { common } = useTexts();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    screensShown += 1;
    if (screensShown > 1) heading.current?.focus();
  }, []);
  useEffect(() => {
    document.title = `${title} · ${common.product}`;
  }, [title, common]);
  return (
    <div className={styles["page"]}>
      <header className={styles["head"]}>
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {intro !== undefined && <div className={styles["intro"]}>{intro}</div>}
        </div>
        {actions !== undefined && <div className={`${styles["actions"] ?? ""} no-print`}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
