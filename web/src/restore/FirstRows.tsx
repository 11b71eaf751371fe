import { useQuery } from "@tanstack/react-query";
import { useTexts } from "@/texts";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { Loading } from "@/ui/QueryState";
import { tableRowsQuery } from "./api";
import styles from "./restore.module.css";

/** The first records of a table, as they were. Wide tables scroll sideways. */
export function FirstRows({ snapshot, table }: { snapshot: string; table: string }) {
  const { restore } = useTexts();
  const t = restore.table;
  const format = useFormat();
  const query = useQuery(tableRowsQuery(snapshot, table));
  if (query.isError) return <Notice tone="neutral" title={t.noRows} />;
  if (query.isPending) return <Loading />;
  const { columns, rows, total_rows: total, shortened } = query.data;
  if (rows.length === 0) return <p>{t.empty}</p>;
  return (
    <>
      {/* Wide tables scroll; the keyboard must reach them. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles["scroll"]} tabIndex={0} role="group" aria-label={t.list}>
        <table className={styles["rows"]}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.name} scope="col" title={column.type}>
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {row.map((value, at) => (
                  <td key={columns[at]?.name ?? at}>{value ?? <span className={styles["soft"]}>{"NULL"}</span>}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles["soft"]}>
        {t.rowCount(format.count(rows.length), format.count(total))} {shortened && t.shortened}
      </p>
    </>
  );
}
