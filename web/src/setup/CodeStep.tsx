import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { askPath, setCsrfToken, type Session } from "@/api/client";
import { keys } from "@/api/queries";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { ProblemBox } from "@/ui/ProblemBox";
import { TextField } from "@/ui/fields";
import { StepCard } from "./StepCard";

/** Who sits at the server's terminal may set it up: the code proves that. */
export function CodeStep() {
  const { setup } = useTexts();
  const t = setup.code;
  const client = useQueryClient();
  const [code, setCode] = useState("");
  const begin = useMutation({
    mutationFn: () => askPath<Session>("POST", "/api/v1/setup/session", { code: code.trim() }),
    onSuccess: (session) => {
      setCsrfToken(session.csrf_token);
      client.setQueryData(keys.session, session);
    },
  });
  return (
    <StepCard title={t.title} intro={t.intro}>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          if (code.trim() !== "" && !begin.isPending) begin.mutate();
        }}
      >
        <TextField label={t.label} description={t.text} value={code} onChange={setCode} autoComplete="off" spellCheck="false" isRequired maxLength={100} />
        <Button look="primary" type="submit" isDisabled={begin.isPending}>
          {t.submit}
        </Button>
      </Form>
      {begin.isError && <ProblemBox problem={begin.error} />}
    </StepCard>
  );
}
