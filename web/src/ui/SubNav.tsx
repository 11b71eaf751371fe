import { Link, useLocation } from "wouter";
import styles from "./SubNav.module.css";

/** The screens of one area, below its title. */
export function SubNav({ label, items }: { label: string; items: { to: string; label: string }[] }) {
  const [location] = useLocation();
  return (
    <nav aria-label={label} className={`${styles["nav"] ?? ""} no-print`}>
      <ul>
        {items.map((item) => (
          <li key={item.to}>
            <Link href={item.to} aria-current={location === item.to ? "page" : undefined}>
              {item.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
