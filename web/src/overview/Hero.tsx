import { Link } from "wouter";
import type { Overview } from "@/api/client";
import { useTexts } from "@/texts";
import type { Tone } from "@/ui/Card";
import { useFormat } from "@/ui/format";
import { Icon, type IconName } from "@/ui/Icon";
import { BackUpNow } from "@/runs/BackUpNow";
import { StartDrill } from "@/runs/StartDrill";
import { RunningCard } from "@/runs/RunningCard";
import { sentencesOf } from "./health";
import styles from "./Hero.module.css";

const icons: Record<Tone, IconName> = { good: "check", warn: "warning", bad: "alert", neutral: "info" };

/** The three sentences, in the colour of the worst, and the one big button. */
export function Hero({ overview }: { overview: Overview }) {
  const { overview: t } = useTexts();
  const format = useFormat();
  const sentences = sentencesOf(overview, t, format);
  const wantsDrill = ["never_drilled", "drill_overdue", "drill_failed"].includes(overview.health.code);
  const drill = overview.last_drill;
  return (
    <section className={`${styles["hero"] ?? ""} ${styles[sentences.tone] ?? ""}`} aria-label={t.states[overview.health.state]}>
      <div className={styles["mark"]}>
        <Icon name={icons[sentences.tone]} size={32} />
      </div>
      <dl className={styles["sentences"]}>
        <div className={styles["first"]}>
          <dt>{t.questions.safe}</dt>
          <dd>{sentences.safe}</dd>
        </div>
        <div>
          <dt>{t.questions.since}</dt>
          <dd>{sentences.since}</dd>
        </div>
        <div>
          <dt>{t.questions.restore}</dt>
          <dd>
            {sentences.restore}{" "}
            {drill !== null && (
              <Link href={`/drills/${String(drill.id)}`}>{t.seeReport}</Link>
            )}
          </dd>
        </div>
        {sentences.advice !== null && (
          <div className={styles["advice"]}>
            <dt className="visually-hidden">{t.whatToDo}</dt>
            <dd>{sentences.advice}</dd>
          </div>
        )}
      </dl>
      <div className={styles["act"]}>
        <BackUpNow active={overview.active} />
        {wantsDrill && <StartDrill active={overview.active} />}
      </div>
      <div className={styles["running"]}>
        <RunningCard active={overview.active} />
      </div>
    </section>
  );
}
