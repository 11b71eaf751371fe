// The areas of the page in the order of the navigation: one entry an area, loaded when somebody goes there.
import { lazy, type ComponentType } from "react";
import type { Session } from "@/api/client";
import type { Texts } from "@/texts";
import type { IconName } from "@/ui/Icon";
import { OverviewScreen } from "@/overview/OverviewScreen";

export interface Area {
  /** "/backup": the area's screens are at it and below it ("/backup/…"), and its own <Switch> tells them apart. */
  path: string;
  label: (texts: Texts) => string;
  icon: IconName;
  /** Administration comes last, apart from what everybody uses. */
  group: "main" | "administration";
  /** Who sees it. Without: all who may sign in. */
  allows?: (session: Session) => boolean;
  Screen: ComponentType;
}

export const areas: Area[] = [
  {
    path: "/",
    label: (t) => t.shell.nav.overview,
    icon: "overview",
    group: "main",
    Screen: OverviewScreen,
  },
  {
    path: "/backup",
    label: (t) => t.shell.nav.backup,
    icon: "backup",
    group: "main",
    Screen: lazy(async () => ({ default: (await import("@/backup/BackupArea")).BackupArea })),
  },
  {
    path: "/restore",
    label: (t) => t.shell.nav.restore,
    icon: "restore",
    group: "main",
    allows: (session) => session.may_back_up,
    Screen: lazy(async () => ({ default: (await import("@/restore/RestoreArea")).RestoreArea })),
  },
  {
    path: "/drills",
    label: (t) => t.shell.nav.drills,
    icon: "drill",
    group: "main",
    Screen: lazy(async () => ({ default: (await import("@/drills/DrillsArea")).DrillsArea })),
  },
  {
    path: "/settings",
    label: (t) => t.shell.nav.settings,
    icon: "settings",
    group: "administration",
    Screen: lazy(async () => ({ default: (await import("@/settings/SettingsArea")).SettingsArea })),
  },
  {
    path: "/audit",
    label: (t) => t.shell.nav.audit,
    icon: "audit",
    group: "administration",
    allows: (session) => session.may_administer,
    Screen: lazy(async () => ({ default: (await import("@/audit/AuditScreen")).AuditScreen })),
  },
  {
    path: "/tokens",
    label: (t) => t.shell.nav.tokens,
    icon: "key",
    group: "administration",
    allows: (session) => session.may_administer,
    Screen: lazy(async () => ({ default: (await import("@/tokens/TokensScreen")).TokensScreen })),
  },
];
