import type { ReactNode } from "react";
import { Icon } from "@/ui/Icon";
import buttonStyles from "@/ui/Button.module.css";

/** Saves a file that the service sends; looks like a small button. name: says which, to screen readers. */
export function DownloadLink({ href, name, children }: { href: string; name?: string; children: ReactNode }) {
  return (
    <a href={href} download className={[buttonStyles["button"], buttonStyles["plain"], buttonStyles["small"]].join(" ")}>
      <Icon name="download" size={16} />
      {children}
      {name !== undefined && <span className="visually-hidden">{name}</span>}
    </a>
  );
}
