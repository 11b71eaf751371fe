import type { UseQueryResult } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTexts } from "@/texts";
import { ProblemBox } from "@/ui/ProblemBox";
import styles from "./ServiceGone.module.css";

const LOOK_EVERY_MS = 5000;

/** Nothing can be shown as the service does not answer; goes on by itself when it does. */
export function ServiceGone({ query }: { query: UseQueryResult }) {
  const { common } = useTexts();
  const { refetch } = query;
  useEffect(() => {
    const timer = setInterval(() => void refetch(), LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
    };
  }, [refetch]);
  return (
    <main className={styles["gone"]}>
      <h1>{common.product}</h1>
      <ProblemBox problem={query.error} onTryAgain={() => void refetch()} />
    </main>
  );
}
