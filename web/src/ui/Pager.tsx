import { useTexts } from "@/texts";
import { Button } from "./Button";
import { useFormat } from "./format";
import styles from "./Pager.module.css";

interface PagerProps {
  /** Of the first row that is shown, from 0. */
  skip: number;
  shown: number;
  limit: number;
  total: number;
  onSkip: (skip: number) => void;
}

/** Leafs through a list, newest first. Nothing where all fits on one page. */
export function Pager({ skip, shown, limit, total, onSkip }: PagerProps) {
  const { common } = useTexts();
  const format = useFormat();
  if (total <= limit && skip === 0) return null;
  return (
    <nav className={styles["pager"]} aria-label={common.pages}>
      <Button size="small" icon="left" isDisabled={skip === 0} onPress={() => { onSkip(Math.max(0, skip - limit)); }}>
        {common.newer}
      </Button>
      <span role="status">
        {shown === 0 ? common.none : common.pageOf(format.count(skip + 1), format.count(skip + shown), format.count(total))}
      </span>
      <Button size="small" isDisabled={skip + shown >= total} onPress={() => { onSkip(skip + limit); }}>
        {common.older}
      </Button>
    </nav>
  );
}
