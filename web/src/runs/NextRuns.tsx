import { useQuery } from "@tanstack/react-query";
import { overviewQuery } from "@/api/queries";
import { useTexts } from "@/texts";
import { Facts } from "@/ui/Facts";
import { useFormat } from "@/ui/format";
import { QueryState } from "@/ui/QueryState";

/** What begins by itself next. */
export function NextRuns() {
  const { overview: t } = useTexts();
  const format = useFormat();
  const query = useQuery(overviewQuery);
  return (
    <QueryState query={query}>
      {({ next_backup, next_drill, now }) => {
        const when = (moment: string | null) => (moment === null ? t.next.never : format.when(moment, now));
        return (
          <Facts
            wide
            items={[
              [t.next.backup, when(next_backup)],
              [t.next.drill, when(next_drill)],
            ]}
          />
        );
      }}
    </QueryState>
  );
}
