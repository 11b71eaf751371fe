import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Form } from "react-aria-components";
import { api, ask, setCsrfToken } from "@/api/client";
import { Problem } from "@/api/problem";
import { keys } from "@/api/queries";
import type { SignedOut } from "@/app/session";
import { ViewMenu } from "@/app/ViewMenu";
import { useTexts, type Texts } from "@/texts";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { ProblemBox } from "@/ui/ProblemBox";
import { PasswordField, TextField } from "@/ui/fields";
import styles from "./SignInScreen.module.css";

/** The words of the sign-in for a refusal; null: it has none of its own. */
export function refusalText(problem: unknown, texts: Texts["signin"]): string | null {
  if (!(problem instanceof Problem)) return null;
  if (problem.code === "locked_out") return texts.locked(Math.max(1, Math.ceil((problem.retryAfter ?? 300) / 60)));
  return (texts.problems as Record<string, string | undefined>)[problem.code] ?? null;
}

export function SignInScreen({ reason, onSignedIn }: { reason: SignedOut; onSignedIn: () => void }) {
  const { signin, common } = useTexts();
  const client = useQueryClient();
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useMutation({
    mutationFn: () => ask(api.POST("/api/v1/session", { body: { user: user.trim(), password } })),
    onSuccess: (session) => {
      setCsrfToken(session.csrf_token);
      onSignedIn();
      client.setQueryData(keys.session, session);
    },
    onError: () => {
      setPassword("");
    },
  });
  useEffect(() => {
    document.title = `${signin.title} · ${common.product}`;
  }, [signin, common]);
  const refusal = refusalText(signIn.error, signin);
  return (
    <main className={styles["screen"]}>
      <div className={styles["box"]}>
        <img src="/icon.svg" alt="" width={52} height={52} />
        <div>
          <h1>{signin.title}</h1>
          <p className={styles["intro"]}>{signin.intro}</p>
        </div>
        {reason === "expired" && !signIn.isError && <Notice tone="warn" urgent title={signin.expired} />}
        {reason === "by_choice" && !signIn.isError && <Notice tone="good" urgent title={signin.byChoice} />}
        {refusal !== null && <Notice tone="bad" urgent title={refusal} />}
        {signIn.isError && refusal === null && <ProblemBox problem={signIn.error} />}
        <Form
          className={styles["form"] ?? ""}
          onSubmit={(event) => {
            event.preventDefault();
            if (!signIn.isPending) signIn.mutate();
          }}
        >
          <TextField
            label={signin.user}
            name="user"
            autoComplete="username"
            isRequired
            // eslint-disable-next-line jsx-a11y/no-autofocus -- the screen has no other purpose
            autoFocus
            maxLength={256}
            value={user}
            onChange={setUser}
          />
          <PasswordField
            label={signin.password}
            name="password"
            autoComplete="current-password"
            isRequired
            maxLength={1024}
            value={password}
            onChange={setPassword}
          />
          <Button look="primary" type="submit" isDisabled={signIn.isPending}>
            {signIn.isPending ? signin.working : signin.submit}
          </Button>
        </Form>
        <p className={styles["help"]}>{signin.help}</p>
        <div className={styles["view"]}>
          <ViewMenu />
        </div>
      </div>
    </main>
  );
}
