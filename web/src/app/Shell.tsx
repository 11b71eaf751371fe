import { Suspense, useEffect, useRef, useState } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";
import { Link, Route, Switch, useLocation } from "wouter";
import { useQuery } from "@tanstack/react-query";
import { overviewQuery } from "@/api/queries";
import { useTexts } from "@/texts";
import { useAnnounce } from "@/ui/Announcer";
import { Button, ButtonLink } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Loading } from "@/ui/QueryState";
import { Page } from "@/ui/Page";
import { areas, type Area } from "./areas";
import { AccountMenu } from "./AccountMenu";
import { ErrorBoundary } from "./ErrorBoundary";
import { useIsLive } from "./live";
import { useSession } from "./session";
import { ViewMenu } from "./ViewMenu";
import styles from "./Shell.module.css";

/** The frame around every screen: who this is, where one can go, who one is. */
export function Shell({ onSignOut }: { onSignOut: () => void }) {
  const t = useTexts();
  const [location] = useLocation();
  const [menuOpen, setMenuOpen] = useState(false);
  const [shownAt, setShownAt] = useState(location);
  if (shownAt !== location) {
    setShownAt(location);
    setMenuOpen(false);
  }
  const top = `/${location.split("/")[1] ?? ""}`;
  return (
    <div className={styles["shell"]}>
      <a href="#content" className={styles["skip"]}>
        {t.common.skipToContent}
      </a>
      <aside className={`${styles["side"] ?? ""} no-print`}>
        <Brand />
        <Navigation current={top} />
        <div className={styles["foot"]}>
          <ViewMenu />
          <AccountMenu onSignOut={onSignOut} />
        </div>
      </aside>
      <header className={`${styles["bar"] ?? ""} no-print`}>
        <Brand />
        <Button look="quiet" icon="menu" iconOnly onPress={() => { setMenuOpen(true); }}>
          {t.shell.nav.open}
        </Button>
      </header>
      <ModalOverlay isOpen={menuOpen} onOpenChange={setMenuOpen} isDismissable className={styles["overlay"] ?? ""}>
        <Modal className={styles["drawer"] ?? ""}>
          <Dialog aria-label={t.shell.nav.label} className={styles["drawerContent"] ?? ""}>
            <div className={styles["drawerHead"]}>
              <Brand />
              <Button look="quiet" icon="close" iconOnly onPress={() => { setMenuOpen(false); }}>
                {t.shell.nav.close}
              </Button>
            </div>
            <Navigation current={top} onChosen={() => { setMenuOpen(false); }} />
            <div className={styles["foot"]}>
              <ViewMenu />
              <AccountMenu onSignOut={onSignOut} />
            </div>
          </Dialog>
        </Modal>
      </ModalOverlay>
      <main id="content" className={styles["main"]} tabIndex={-1}>
        <ConnectionLost />
        <ErrorBoundary key={top}>
          <Suspense fallback={<Loading />}>
            <Screens />
          </Suspense>
        </ErrorBoundary>
      </main>
    </div>
  );
}

function useAreas(): Area[] {
  const session = useSession();
  return areas.filter((area) => area.allows?.(session) ?? true);
}

function Screens() {
  const t = useTexts();
  return (
    <Switch>
      {useAreas().map(({ path, Screen }) => (
        <Route key={path} path={path === "/" ? "/" : new RegExp(`^${path}(/.*)?$`)}>
          <Screen />
        </Route>
      ))}
      <Route>
        <Page title={t.shell.notFound.title} intro={t.shell.notFound.text}>
          <div>
            <ButtonLink to="/">{t.shell.notFound.home}</ButtonLink>
          </div>
        </Page>
      </Route>
    </Switch>
  );
}

function Brand() {
  const { common } = useTexts();
  const { data } = useQuery({ ...overviewQuery, select: (overview) => overview.practice });
  return (
    <div className={styles["brand"]}>
      <img src="/icon.svg" alt="" width={34} height={34} />
      <div>
        <div className={styles["product"]}>{common.product}</div>
        <div className={styles["practice"]}>{data}</div>
      </div>
    </div>
  );
}

function Navigation({ current, onChosen }: { current: string; onChosen?: () => void }) {
  const t = useTexts();
  const shown = useAreas();
  const links = (group: Area["group"]) =>
    shown
      .filter((area) => area.group === group)
      .map((area) => (
        <li key={area.path}>
          <Link href={area.path} aria-current={area.path === current ? "page" : undefined} onClick={onChosen}>
            <Icon name={area.icon} />
            {area.label(t)}
          </Link>
        </li>
      ));
  const administration = links("administration");
  return (
    <nav aria-label={t.shell.nav.label} className={styles["nav"]}>
      <ul>{links("main")}</ul>
      {administration.length > 0 && (
        <>
          <p className={styles["group"]}>{t.shell.nav.administration}</p>
          <ul>{administration}</ul>
        </>
      )}
    </nav>
  );
}

function ConnectionLost() {
  const { shell } = useTexts();
  const live = useIsLive();
  const announce = useAnnounce();
  const wasLive = useRef(true);
  useEffect(() => {
    if (live && !wasLive.current) announce(shell.live.back);
    wasLive.current = live;
  }, [live, announce, shell]);
  if (live) return null;
  return (
    <p role="status" className={styles["lost"]}>
      {shell.live.lost}
    </p>
  );
}
