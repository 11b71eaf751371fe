import type { Run, RunKind } from "@/api/client";
import { useTexts } from "@/texts";
import { Badge } from "@/ui/Badge";
import type { Tone } from "@/ui/Card";
import type { IconName } from "@/ui/Icon";

const looks: Record<Run["state"], [Tone, IconName]> = {
  queued: ["neutral", "clock"],
  running: ["neutral", "clock"],
  done: ["good", "check"],
  incomplete: ["warn", "warning"],
  failed: ["bad", "alert"],
  cancelled: ["neutral", "close"],
  interrupted: ["warn", "warning"],
};

export function RunStateBadge({ state, kind }: { state: Run["state"]; kind: RunKind }) {
  const { runs, overview } = useTexts();
  const [tone, icon] = looks[state];
  const passed = kind === "drill" && state === "done";
  return (
    <Badge tone={tone} icon={icon}>
      {passed ? overview.lastDrill.passed : runs.states[state]}
    </Badge>
  );
}
