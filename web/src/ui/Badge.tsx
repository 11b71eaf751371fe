import type { ReactNode } from "react";
import type { Tone } from "./Card";
import { Icon, type IconName } from "./Icon";
import styles from "./Badge.module.css";

/** A word about the state of something; never by colour alone. */
export function Badge({ tone = "neutral", icon, children }: { tone?: Tone; icon?: IconName; children: ReactNode }) {
  return (
    <span className={`${styles["badge"] ?? ""} ${styles[tone] ?? ""}`}>
      {icon && <Icon name={icon} size={16} />}
      {children}
    </span>
  );
}
