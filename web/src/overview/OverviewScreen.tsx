import { useQuery } from "@tanstack/react-query";
import type { Overview } from "@/api/client";
import { overviewQuery } from "@/api/queries";
import { NextRuns } from "@/runs/NextRuns";
import { useTexts } from "@/texts";
import { Card, CardGrid } from "@/ui/Card";
import { Page } from "@/ui/Page";
import { QueryState } from "@/ui/QueryState";
import { Alerts } from "./Alerts";
import { DayStrip } from "./DayStrip";
import { DestinationCard } from "./DestinationCard";
import { Hero } from "./Hero";
import { LastBackup, LastDrill } from "./LastRuns";
import { Sizes } from "./Sizes";

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
      <Alerts alerts={overview.alerts} />
      <Card title={t.strip.title}>
        <DayStrip overview={overview} />
      </Card>
      <CardGrid>
        <LastBackup overview={overview} />
        <LastDrill overview={overview} />
        <Card title={t.next.title}>
          <NextRuns />
        </Card>
        <DestinationCard destination={overview.destination} />
      </CardGrid>
      <Sizes />
    </>
  );
}
