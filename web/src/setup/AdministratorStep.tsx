import { useState } from "react";
import { Form } from "react-aria-components";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { ProblemBox } from "@/ui/ProblemBox";
import { PasswordField, TextField } from "@/ui/fields";
import { useSetupStep } from "./api";
import { StepCard } from "./StepCard";
import type { Account } from "./SetupWizard";

/** As the service wants it at least. */
const PASSWORD_MIN = 12;

export function AdministratorStep({ isDone, onDone }: { isDone: boolean; onDone: (made: Account | null) => void }) {
  const { setup, common } = useTexts();
  const t = setup.administrator;
  const [name, setName] = useState("administrator");
  const [password, setPassword] = useState("");
  const make = useSetupStep<{ name: string; password: string }, undefined>("administrator");
  return (
    <StepCard title={t.title} intro={t.intro}>
      {isDone && <Notice tone="good" title={t.done} />}
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate({ name: name.trim(), password }, { onSuccess: () => { onDone({ user: name.trim(), password }); } });
        }}
      >
        <TextField label={t.name} value={name} onChange={setName} isRequired maxLength={100} autoComplete="username" />
        <PasswordField label={t.password} description={t.passwordText} value={password} onChange={setPassword} isRequired minLength={PASSWORD_MIN} maxLength={1024} autoComplete="new-password" />
        <Button look="primary" type="submit" isDisabled={make.isPending || name.trim() === "" || password.length < PASSWORD_MIN}>
          {t.submit}
        </Button>
      </Form>
      {make.isError && <ProblemBox problem={make.error} />}
      {isDone && (
        <div>
          <Button onPress={() => { onDone(null); }}>{common.next}</Button>
        </div>
      )}
    </StepCard>
  );
}
