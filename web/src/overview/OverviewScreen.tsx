import { useQuery } from "@tanstack/react-query";
import type { Overview } from "@/api/client";
import { overviewQuery } from "@/api/queries";
import { useTexts } from "@/texts";
import { Card, CardGrid } from "@/ui/Card";
import { useFormat } from "@/ui/format";
import { Facts } from "@/ui/Facts";
import { Page } from "@/ui/Page";
import { QueryState } from "@/ui/QueryState";
import { DayStrip } from "./DayStrip";
import { Hero } from "./Hero";

/** The first screen: is the practice safe, since when, can it be restored; and what to do now. */
export function OverviewScreen() {
  const { overview: t } = useTexts();
  const query = useQuery(overviewQuery);
  return (
    <Page title={t.title}>
      <QueryState query={query}>{(overview) => <Content overview={overview} />}</QueryState>
    </Page>
  );
}

function Content({ overview }: { overview: Overview }) {
  const { overview: t } = useTexts();
  return (
    <>
      <Hero overview={overview} />
      <Card title={t.strip.title}>
        <DayStrip overview={overview} />
      </Card>
      <CardGrid>
        <Card title={t.next.title}>
          <Next overview={overview} />
        </Card>
      </CardGrid>
    </>
  );
}

function Next({ overview }: { overview: Overview }) {
  const { overview: t } = useTexts();
  const format = useFormat();
  const when = (moment: string | null) => (moment === null ? t.next.never : format.when(moment, overview.now));
  return (
    <Facts
      wide
      items={[
        [t.next.backup, when(overview.next_backup)],
        [t.next.drill, when(overview.next_drill)],
      ]}
    />
  );
}
