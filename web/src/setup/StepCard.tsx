import { useEffect, useRef, type ReactNode } from "react";
import styles from "./setup.module.css";

/** One step: its heading takes the focus, so that screen readers begin there. */
export function StepCard({ title, intro, children }: { title: string; intro?: ReactNode; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <section className={styles["card"]} aria-label={title}>
      <h2 ref={heading} tabIndex={-1} className={styles["title"]}>
        {title}
      </h2>
      {intro !== undefined && <div className={styles["intro"]}>{intro}</div>}
      {children}
    </section>
  );
}
