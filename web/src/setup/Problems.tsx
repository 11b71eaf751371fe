import { Notice } from "@/ui/Notice";
import { sentence } from "@/ui/ProblemBox";
import type { ProbeProblem } from "./api";

/** What a look at something found to be wrong, each with what to do. */
export function Problems({ problems }: { problems: ProbeProblem[] }) {
  return (
    <>
      {problems.map((problem) => (
        <Notice key={`${problem.code} ${problem.message}`} tone="warn" title={sentence(problem.message)}>
          {problem.hint !== "" && <p>{sentence(problem.hint)}</p>}
        </Notice>
      ))}
    </>
  );
}
