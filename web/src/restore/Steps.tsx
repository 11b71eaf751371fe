import styles from "./Steps.module.css";

export interface Step {
  key: string;
  title: string;
}

interface StepsProps {
  label: string;
  steps: Step[];
  current: number;
  /** The first step that is not valid yet; none behind it can be entered. */
  reachable: number;
  onStep: (index: number) => void;
}

/** Where one is on a way of a few steps. Steps behind one that is not filled in yet cannot be entered. */
export function Steps({ label, steps, current, reachable, onStep }: StepsProps) {
  return (
    <nav aria-label={label}>
      <ol className={styles["steps"]}>
        {steps.map((step, index) => (
          <li key={step.key}>
            <button
              type="button"
              disabled={index > reachable}
              aria-current={index === current ? "step" : undefined}
              data-done={index < reachable && index !== current ? true : undefined}
              onClick={() => { onStep(index); }}
            >
              <span className={styles["number"]}>{String(index + 1)}</span>
              {step.title}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

