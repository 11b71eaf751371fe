import type { ReactNode } from "react";
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { Icon, type IconName } from "./Icon";
import styles from "./Menu.module.css";

/** A button as wide as the navigation, which opens a small panel above it. */
export function PanelButton({ icon, label, text, children }: { icon: IconName; label: string; text: ReactNode; children: (close: () => void) => ReactNode }) {
  return (
    <DialogTrigger>
      <AriaButton className={styles["opener"] ?? ""} aria-label={label}>
        <Icon name={icon} />
        <span className={styles["openerText"]}>{text}</span>
      </AriaButton>
      <Popover placement="top start" className={styles["popover"] ?? ""}>
        <Dialog aria-label={label} className={styles["panel"] ?? ""}>
          {({ close }) => children(close)}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
