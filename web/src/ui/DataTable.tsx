import type { ReactNode } from "react";
import styles from "./DataTable.module.css";

export interface Column<Row> {
  key: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** Figures are set at the right. */
  numeric?: boolean;
  /** The one that says which row this is; read out with every cell. */
  isHeader?: boolean;
  /** The heading is for screen readers only: buttons, badges. */
  hideTitle?: boolean;
}

interface DataTableProps<Row> {
  /** What the table is of, for screen readers. */
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string | number;
  /** Shown in place of a table without rows. */
  empty: ReactNode;
}

/**
 * A table; on phones each row becomes a block of names and values. Roles are given again as browsers forget that it is a
 * table once CSS lays it out otherwise.
 */
export function DataTable<Row>({ caption, columns, rows, rowKey, empty }: DataTableProps<Row>) {
  if (rows.length === 0) return <p className={styles["empty"]}>{empty}</p>;
  return (
    <table role="table" className={styles["table"]}>
      <caption className="visually-hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column.key} role="columnheader" scope="col" className={column.numeric === true ? styles["numeric"] : undefined}>
              <span className={column.hideTitle === true ? "visually-hidden" : undefined}>{column.title}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={rowKey(row)} role="row">
            {columns.map((column) => {
              const className = column.numeric === true ? styles["numeric"] : undefined;
              const content = (
                <>
                  {column.hideTitle !== true && (
                    <span aria-hidden="true" className={styles["name"]}>
                      {column.title}
                    </span>
                  )}
                  <span className={styles["value"]}>{column.cell(row)}</span>
                </>
              );
              return column.isHeader === true ? (
                <th key={column.key} role="rowheader" scope="row" className={className}>
                  {content}
                </th>
              ) : (
                <td key={column.key} role="cell" className={className}>
                  {content}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
