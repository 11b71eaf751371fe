import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import type { Schemas } from "@/api/client";
import { sizesQuery } from "@/api/queries";
import { useTexts } from "@/texts";
import { Card } from "@/ui/Card";
import { DataTable } from "@/ui/DataTable";
import { useFormat } from "@/ui/format";
import { QueryState } from "@/ui/QueryState";
import { Choice, Toggle } from "@/ui/fields";
import list from "@/ui/List.module.css";
import styles from "./Sizes.module.css";

const SizeChart = lazy(() => import("./SizeChart"));
const ranges = { month: 30, quarter: 90, year: 365 } as const;
type Range = keyof typeof ranges;

/** How the data and the backups grow. */
export function Sizes() {
  const { overview } = useTexts();
  const t = overview.chart;
  const [range, setRange] = useState<Range>("quarter");
  const query = useQuery({ ...sizesQuery(ranges[range]), placeholderData: keepPreviousData });
  return (
    <Card title={t.title}>
      <QueryState query={query}>
        {({ days }) =>
          days.length < 2 ? (
            <p className={list["soft"]}>{t.empty}</p>
          ) : (
            <Shown days={days} />
          )
        }
      </QueryState>
      {(query.data === undefined || query.data.days.length > 1 || range !== "quarter") && (
      <div className={styles["range"]}>
        <Choice
          label={t.range}
          value={range}
          onChange={setRange}
          options={(Object.keys(ranges) as Range[]).map((value) => ({ value, label: t.ranges[value] }))}
        />
      </div>
      )}
    </Card>
  );
}

function Shown({ days }: { days: Schemas["Sizes"]["days"] }) {
  const { overview } = useTexts();
  const t = overview.chart;
  const format = useFormat();
  const [asTable, setAsTable] = useState(false);
  const first = days[0];
  const last = days.at(-1);
  return (
    <>
      {first && last && (
        <p className={list["soft"]}>
          {t.summary(format.shortDay(first.day), format.shortDay(last.day), format.bytes(first.data_bytes), format.bytes(last.data_bytes))}
        </p>
      )}
      {asTable ? (
        <div className={styles["table"]}>
          <DataTable
            caption={t.title}
            empty={t.empty}
            rows={[...days].reverse()}
            rowKey={(day) => day.day}
            columns={[
              { key: "day", title: t.date, isHeader: true, cell: (day) => format.longDay(day.day) },
              { key: "data", title: t.data, numeric: true, cell: (day) => format.bytes(day.data_bytes) },
              { key: "added", title: t.added, numeric: true, cell: (day) => format.bytes(day.stored_bytes) },
            ]}
          />
        </div>
      ) : (
        <Suspense fallback={<div className={styles["chart"]} />}>
          <SizeChart days={days} />
        </Suspense>
      )}
      <Toggle label={t.table} isSelected={asTable} onChange={setAsTable} />
    </>
  );
}
