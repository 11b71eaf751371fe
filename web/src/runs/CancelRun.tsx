import { useState } from "react";
import type { Run } from "@/api/client";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/Dialog";
import { useRunAction } from "./useStartRun";

/** Stops a run after asking. "Stopping…" stays until it has really ended. */
export function CancelRun({ run }: { run: Run }) {
  const { runs } = useTexts();
  const [asking, setAsking] = useState(false);
  const cancel = useRunAction("cancel");
  const which = run.kind === "backup" || run.kind === "drill" ? run.kind : "other";
  const stopping = cancel.isPending || cancel.isSuccess;
  return (
    <>
      <Button size="small" isDisabled={stopping} onPress={() => { setAsking(true); }}>
        {stopping ? runs.cancel.stopping : runs.cancel.action}
      </Button>
      <ConfirmDialog
        isOpen={asking && !cancel.isSuccess}
        onClose={() => { setAsking(false); }}
        title={runs.cancel.title[which]}
        cancel={runs.cancel.keep}
        confirm={runs.cancel.action}
        dangerous
        isPending={cancel.isPending}
        problem={cancel.error}
        onConfirm={() => { cancel.mutate(run.id); }}
      >
        {which === "other" ? runs.cancel.text.other : runs.cancel.text[which]}
      </ConfirmDialog>
    </>
  );
}
