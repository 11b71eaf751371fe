import { useId, type ReactNode } from "react";
import styles from "./Card.module.css";

export type Tone = "neutral" | "good" | "warn" | "bad";

interface CardProps {
  title?: ReactNode;
  /** Buttons or a link at the right of the title. */
  actions?: ReactNode;
  tone?: Tone;
  children: ReactNode;
}

/** A part of a screen; with a title it is a region of its own for screen readers. */
export function Card({ title, actions, tone = "neutral", children }: CardProps) {
  const id = useId();
  return (
    <section className={`${styles["card"] ?? ""} ${styles[tone] ?? ""}`} {...(title === undefined ? {} : { "aria-labelledby": id })}>
      {title !== undefined && (
        <header className={styles["head"]}>
          <h2 id={id}>{title}</h2>
          {actions !== undefined && <div className={`${styles["actions"] ?? ""} no-print`}>{actions}</div>}
        </header>
      )}
      {children}
    </section>
  );
}

/** Cards side by side where there is room. */
export function CardGrid({ children }: { children: ReactNode }) {
  return <div className={styles["grid"]}>{children}</div>;
}
