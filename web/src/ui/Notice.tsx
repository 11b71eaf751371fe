import type { ReactNode } from "react";
import type { Tone } from "./Card";
import { Icon, type IconName } from "./Icon";
import styles from "./Notice.module.css";

const icons: Record<Tone, IconName> = { neutral: "info", good: "check", warn: "warning", bad: "alert" };

interface NoticeProps {
  tone: Tone;
  title: ReactNode;
  /** Is read out at once. */
  urgent?: boolean;
  children?: ReactNode;
}

/** A few sentences that matter, in a box. */
export function Notice({ tone, title, urgent = false, children }: NoticeProps) {
  return (
    <div className={`${styles["notice"] ?? ""} ${styles[tone] ?? ""}`} {...(urgent ? { role: "alert" } : {})}>
      <Icon name={icons[tone]} />
      <div className={styles["text"]}>
        <p className={styles["title"]}>{title}</p>
        {children}
      </div>
    </div>
  );
}
