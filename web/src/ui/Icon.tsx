// The page's own icons: outlines on a grid of 24.
import styles from "./Icon.module.css";

const outlines = {
  overview: "M4 11.5 12 5l8 6.5M6.5 10v9h11v-9M10 19v-5h4v5",
  backup: "M12 15V5m0 0L8 9m4-4 4 4M5 14v3.5A1.5 1.5 0 0 0 6.5 19h11a1.5 1.5 0 0 0 1.5-1.5V14",
  restore: "M4.5 12a7.5 7.5 0 1 1 2.4 5.5M4 20v-4.5h4.5M12 8v4l2.5 2",
  drill: "M12 3.5 5 6v5.5c0 4.3 2.9 7.5 7 9 4.1-1.5 7-4.7 7-9V6zM9 12l2.2 2.2L15.5 10",
  audit: "M6 4h9l3 3v13H6zM9 9.5h6M9 13h6M9 16.5h4",
  key: "M14.5 9.5a4 4 0 1 0-3.4 4L13 15.4h2v2h2v2.1h3v-3l-5.8-5.8c.2-.4.3-.8.3-1.2zM8.5 9.5h.01",
  settings: "M4 7h9m4 0h3M4 17h3m4 0h9M15 4.8v4.4M9 14.8v4.4",
  setup: "M5 19l9-9m1.5-5.5L17 6l1.5 1.5M14 4.5 19.5 10M5 19l1.5.5L8 18",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6 6 18",
  check: "M5 12.5l4.5 4.5L19 7.5",
  warning: "M12 4 3 19.5h18zM12 10v4.5M12 17h.01",
  alert: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 8v5M12 16h.01",
  info: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5M12 8h.01",
  clock: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c1-3.5 4-5 7.5-5s6.5 1.5 7.5 5",
  right: "M9 5.5l6.5 6.5L9 18.5",
  left: "M15 5.5 8.5 12l6.5 6.5",
  down: "M5.5 9l6.5 6.5L18.5 9",
  print: "M7 9V4h10v5M7 17H5a1 1 0 0 1-1-1v-5.5A1.5 1.5 0 0 1 5.5 9h13a1.5 1.5 0 0 1 1.5 1.5V16a1 1 0 0 1-1 1h-2M7 14h10v6H7z",
  database: "M5 6.5C5 5 8 4 12 4s7 1 7 2.5S16 9 12 9 5 8 5 6.5zm0 0v11C5 19 8 20 12 20s7-1 7-2.5v-11M5 12c0 1.5 3 2.5 7 2.5s7-1 7-2.5",
  image: "M5 5h14v14H5zM5 16l4-4 3.5 3.5L15 13l4 4M9 9h.01",
  disk: "M4 13.5 6.5 5h11l2.5 8.5V19H4zM4 13.5h16M16.5 16.3h.01",
  download: "M12 4v10m0 0 4-4m-4 4-4-4M5 19h14",
  folder: "M4 18.5V6h5.5l2 2H20v10.5z",
  search: "M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15 15l5 5",
  calendar: "M5 6h14v13H5zM5 10h14M9 4v4M15 4v4",
  copy: "M9 9h10v10H9zM5 15V5h10",
  plus: "M12 5v14M5 12h14",
  trash: "M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12M10.5 10.5v5M13.5 10.5v5",
  server: "M5 5h14v6H5zM5 13h14v6H5zM8 8h.01M8 16h.01",
  table: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 10v9",
  eye: "M3 12s3.3-6 9-6 9 6 9 6-3.3 6-9 6-9-6-9-6zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
} as const;

export type IconName = keyof typeof outlines;

/** Decoration: what it means stands beside it in words. */
export function Icon({ name, size = 20 }: { name: IconName; size?: 16 | 20 | 24 | 32 }) {
  return (
    <svg className={styles["icon"]} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={outlines[name]} />
    </svg>
  );
}
