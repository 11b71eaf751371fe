import type { ReactNode } from "react";
import styles from "./Facts.module.css";

/** Names and values; a value that is null is left out. */
export function Facts({ items, wide = false }: { items: [name: string, value: ReactNode][]; wide?: boolean }) {
  return (
    <dl className={`${styles["facts"] ?? ""} ${wide ? (styles["wide"] ?? "") : ""}`}>
      {items
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
