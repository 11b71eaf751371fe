import type { UseQueryResult } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { useTexts } from "@/texts";
import { ProblemBox } from "./ProblemBox";
import styles from "./QueryState.module.css";

/**
 * Shows what was asked for, or that it is loading, or why it cannot be had: nothing waits for ever. What was there
 * before stays while it is refreshed; if that fails, the problem is said above it.
 */
export function QueryState<Data>({ query, children }: { query: UseQueryResult<Data>; children: (data: Data) => ReactNode }) {
  const again = () => void query.refetch();
  if (query.data !== undefined)
    return (
      <>
        {query.isError && <ProblemBox problem={query.error} onTryAgain={again} />}
        {children(query.data)}
      </>
    );
  if (query.isError) return <ProblemBox problem={query.error} onTryAgain={again} />;
  return <Loading />;
}

/** Says that something loads, but only once it takes long enough to be noticed. */
export function Loading() {
  const { common } = useTexts();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setLate(true);
    }, 300);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return (
    <div className={styles["loading"]} role="status">
      {late && <span>{common.loading}</span>}
    </div>
  );
}
