import { useQuery } from "@tanstack/react-query";
import type { Settings, Snapshot } from "@/api/client";
import { settingsQuery, snapshotsQuery } from "@/api/queries";
import { useSession } from "@/app/session";
import { useTexts } from "@/texts";
import { Facts } from "@/ui/Facts";
import { QueryState } from "@/ui/QueryState";
import list from "@/ui/List.module.css";

/** Source and destination in words. Settings are for administrators; others see what the newest backup is of. */
export function Source() {
  const { may_administer } = useSession();
  return may_administer ? <OfSettings /> : <OfNewest />;
}

function OfSettings() {
  const query = useQuery(settingsQuery);
  return <QueryState query={query}>{(settings) => <SourceFacts settings={settings} />}</QueryState>;
}

/** "mariadb://enamel@server:3306/opendental?..." -> what of it matters to people. */
export function databaseOf(url: string): { name: string; host: string } | null {
  const match = /^[a-z]+:\/\/(?:[^@/]*@)?([^/?]*)\/([^?]*)/.exec(url);
  if (!match || !match[2]) return null;
  return { name: decodeURIComponent(match[2]), host: match[1] === "localhost" ? "" : (match[1] ?? "") };
}

function SourceFacts({ settings }: { settings: Settings }) {
  const { backup: t } = useTexts();
  const database = databaseOf(settings.database.url);
  const path = (text: string) => (text === "" ? t.source.notSet : <span className={list["mono"]}>{text}</span>);
  const shown = database === null ? t.source.notSet : database.host === "" ? database.name : `${database.name} ${t.source.on(database.host)}`;
  return (
    <Facts
      wide
      items={[
        [t.source.database, shown],
        [t.source.images, path(settings.images.path)],
        [t.source.destination, path(settings.repository.path)],
      ]}
    />
  );
}

function OfNewest() {
  const { backup: t } = useTexts();
  const query = useQuery(snapshotsQuery({ skip: 0, limit: 1 }));
  return (
    <>
      <QueryState query={query}>
        {({ snapshots }) => (snapshots[0] ? <NewestFacts snapshot={snapshots[0]} /> : <p className={list["soft"]}>{t.list.empty}</p>)}
      </QueryState>
      <p className={list["soft"]}>{t.source.onlyAdministrators}</p>
    </>
  );
}

function NewestFacts({ snapshot }: { snapshot: Snapshot }) {
  const { backup: t } = useTexts();
  const has = (folder: string) => snapshot.paths.some((path) => path.startsWith(folder));
  return (
    <Facts
      wide
      items={[
        [t.source.database, has("/database") ? t.source.on(snapshot.hostname) : t.source.notSet],
        [t.source.images, has("/images") ? t.source.on(snapshot.hostname) : t.source.notSet],
      ]}
    />
  );
}
