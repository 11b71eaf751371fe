import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { useSession } from "@/app/session";
import { useTexts } from "@/texts";
import { Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { QueryState } from "@/ui/QueryState";
import { AlertsSection } from "./AlertsSection";
import { settingsQuery, type Settings } from "./api";
import { DestinationSection } from "./DestinationSection";
import { DrillsSection, RetentionSection, ScheduleSection } from "./PlanSections";
import { PracticeSection } from "./PracticeSection";
import { SignInSection } from "./SignInSection";
import styles from "./settings.module.css";

const sections: [path: string, name: "practice" | "destination" | "schedule" | "retention" | "drills" | "alerts" | "signIn", Section: (props: { settings: Settings }) => ReactNode][] = [
  ["practice", "practice", PracticeSection],
  ["destination", "destination", DestinationSection],
  ["schedule", "schedule", ScheduleSection],
  ["retention", "retention", RetentionSection],
  ["drills", "drills", DrillsSection],
  ["alerts", "alerts", AlertsSection],
  ["sign-in", "signIn", SignInSection],
];

/** For security administrators; all others see why not. */
export function SettingsArea() {
  const { settings: t } = useTexts();
  const session = useSession();
  if (!session.may_administer)
    return (
      <Page title={t.title}>
        <Notice tone="neutral" title={t.notAllowed}>
          <p>{t.notAllowedText}</p>
        </Notice>
      </Page>
    );
  return <Sections />;
}

function Sections() {
  const { settings: t } = useTexts();
  const [location] = useLocation();
  const query = useQuery(settingsQuery);
  return (
    <Page title={t.title}>
      <div className={styles["layout"]}>
        <nav aria-label={t.label} className={styles["sections"]}>
          {sections.map(([path, name]) => (
            <Link key={path} href={`/settings/${path}`} aria-current={location === `/settings/${path}` ? "page" : undefined}>
              {t.sections[name]}
            </Link>
          ))}
        </nav>
        <div className={styles["content"]}>
          <QueryState query={query}>
            {(settings) => (
              <Switch>
                {sections.map(([path, , Section]) => (
                  <Route key={path} path={`/settings/${path}`}>
                    <Section settings={settings} />
                  </Route>
                ))}
                <Route>
                  <Redirect to="/settings/practice" replace />
                </Route>
              </Switch>
            )}
          </QueryState>
        </div>
      </div>
    </Page>
  );
}
