import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import { Link } from "wouter";
import { Icon, type IconName } from "./Icon";
import styles from "./Button.module.css";

type Look = "primary" | "plain" | "quiet" | "danger";

interface ButtonProps extends Omit<AriaButtonProps, "className" | "children"> {
  look?: Look;
  size?: "small" | "normal" | "large";
  icon?: IconName;
  /** Shows only the icon; the text is its name. */
  iconOnly?: boolean;
  children: ReactNode;
}

function classes(look: Look, size: string, iconOnly: boolean): string {
  return [styles["button"], styles[look], styles[size], iconOnly ? styles["iconOnly"] : ""].join(" ");
}

export function Button({ look = "plain", size = "normal", icon, iconOnly = false, children, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className={classes(look, size, iconOnly)}>
      {icon && <Icon name={icon} size={size === "small" ? 16 : 20} />}
      {iconOnly ? <span className="visually-hidden">{children}</span> : children}
    </AriaButton>
  );
}

interface ButtonLinkProps {
  /** A path of the page. */
  to: string;
  look?: Look;
  size?: "small" | "normal" | "large";
  icon?: IconName;
  children: ReactNode;
}

/** Leads to another screen, and looks like a button. */
export function ButtonLink({ to, look = "plain", size = "normal", icon, children }: ButtonLinkProps) {
  return (
    <Link href={to} className={classes(look, size, false)}>
      {icon && <Icon name={icon} size={size === "small" ? 16 : 20} />}
      {children}
    </Link>
  );
}

/** Asks again for whatever failed. */
export function useTryAgain(): () => void {
  const client = useQueryClient();
  return () => void client.refetchQueries({ predicate: (query) => query.state.status === "error" });
}
