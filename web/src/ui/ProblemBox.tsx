import { Problem } from "@/api/problem";
import { useTexts } from "@/texts";
import { Button } from "./Button";
import { Notice } from "./Notice";

/**
 * What went wrong and what to do about it, in the catalogue's words where it has some. Screen readers are told at once.
 * onTryAgain: offers it.
 */
export function ProblemBox({ problem, onTryAgain }: { problem: unknown; onTryAgain?: () => void }) {
  const t = useTexts();
  const known = problem instanceof Problem ? t.problems.byCode[problem.code] : undefined;
  const detail = known?.title ?? (problem instanceof Problem && problem.detail !== "" ? sentence(problem.detail) : t.problems.unexpected);
  const hint = known?.hint ?? (problem instanceof Problem ? sentence(problem.hint) : "");
  return (
    <Notice tone="bad" urgent title={detail}>
      {hint !== "" && <p>{hint}</p>}
      {onTryAgain && (
        <div>
          <Button size="small" onPress={onTryAgain}>
            {t.common.tryAgain}
          </Button>
        </div>
      )}
    </Notice>
  );
}

/** "the user is wrong" -> "The user is wrong." */
export function sentence(text: string): string {
  if (text === "") return "";
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?:]$/.test(start) ? start : `${start}.`;
}
