import { ProgressBar as AriaProgressBar } from "react-aria-components";
import styles from "./ProgressBar.module.css";

/** value: 0 to 1, or null while it is not known. */
export function ProgressBar({ label, value, text }: { label: string; value: number | null; text: string }) {
  return (
    <AriaProgressBar aria-label={label} value={(value ?? 0) * 100} isIndeterminate={value === null} valueLabel={text} className={styles["bar"] ?? ""}>
      <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" className={styles["track"]}>
        <rect className={value === null ? styles["unknown"] : styles["fill"]} width={value === null ? 30 : Math.min(100, value * 100)} height="1" />
      </svg>
    </AriaProgressBar>
  );
}
