import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "@/api/client";
import { Problem } from "@/api/problem";
import { keys } from "@/api/queries";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/Dialog";
import { PanelButton } from "@/ui/Menu";
import { ProblemBox } from "@/ui/ProblemBox";
import { useSession } from "./session";

/** Who is signed in, and out again. */
export function AccountMenu({ onSignOut }: { onSignOut: () => void }) {
  const { shell } = useTexts();
  const session = useSession();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const signOut = useMutation({
    mutationFn: async (everywhere: boolean) => {
      try {
        await (everywhere ? ask(api.DELETE("/api/v1/sessions")) : ask(api.DELETE("/api/v1/session")));
      } catch (failure) {
        if (!(failure instanceof Problem && failure.status === 401)) throw failure; // it had ended by itself
      }
    },
    onSuccess: () => {
      onSignOut();
      client.setQueryData(keys.session, null);
    },
  });
  const rights = session.account === "local" ? shell.account.local : session.may_administer ? shell.account.administrator : shell.account.openDental;
  return (
    <>
      <PanelButton icon="user" label={shell.account.menu(session.user)} text={session.user}>
        {(close) => (
          <>
            <div>
              <strong>{session.user}</strong>
              <div>{rights}</div>
            </div>
            {signOut.isError && <ProblemBox problem={signOut.error} />}
            <Button isDisabled={signOut.isPending} onPress={() => { signOut.mutate(false); }}>
              {shell.account.signOut}
            </Button>
            <Button look="quiet" onPress={() => { close(); setAsking(true); }}>
              {shell.account.signOutEverywhere}
            </Button>
          </>
        )}
      </PanelButton>
      <ConfirmDialog
        isOpen={asking}
        onClose={() => { setAsking(false); }}
        title={shell.account.signOutEverywhereTitle}
        confirm={shell.account.signOutEverywhere}
        isPending={signOut.isPending}
        problem={signOut.error}
        onConfirm={() => { signOut.mutate(true); }}
      >
        {shell.account.signOutEverywhereText}
      </ConfirmDialog>
    </>
  );
}
