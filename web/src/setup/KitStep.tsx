import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { askPath } from "@/api/client";
import { DownloadLink } from "@/restore/DownloadLink";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { ProblemBox } from "@/ui/ProblemBox";
import { QueryState } from "@/ui/QueryState";
import { TextField } from "@/ui/fields";
import { StepCard } from "./StepCard";
import { challengeQuery, setupQuery } from "./api";
import styles from "./setup.module.css";

/** A gate: without this sheet nobody opens the backups, us included. Some of its words are asked back. */
export function KitStep({ isDone, onDone }: { isDone: boolean; onDone: () => void }) {
  const { setup, common } = useTexts();
  const t = setup.kit;
  const client = useQueryClient();
  const challenge = useQuery({ ...challengeQuery, enabled: !isDone });
  const [words, setWords] = useState<Record<number, string>>({});
  const confirm = useMutation({
    mutationFn: (asked: number[]) =>
      askPath<{ confirmed: boolean }>("POST", "/api/v1/setup/kit/confirm", {
        words: asked.map((position) => ({ position, word: (words[position] ?? "").trim().toLowerCase() })),
      }),
    onSuccess: async ({ confirmed }) => {
      if (confirmed) {
        await client.invalidateQueries({ queryKey: setupQuery.queryKey, exact: true });
        onDone();
        return;
      }
      setWords({});
      await client.invalidateQueries({ queryKey: challengeQuery.queryKey });
    },
  });
  if (isDone)
    return (
      <StepCard title={t.title}>
        <Notice tone="good" title={t.done} />
        <div>
          <Button look="primary" onPress={onDone}>{common.next}</Button>
        </div>
      </StepCard>
    );
  return (
    <StepCard title={t.title} intro={t.intro}>
      <ol className={styles["numbered"]}>
        <li>
          <p>{t.print}</p>
          <DownloadLink href="/api/v1/setup/kit">{t.download}</DownloadLink>
        </li>
        <li>
          <p>{t.keep}</p>
        </li>
        <li>
          <p>{t.back}</p>
          <QueryState query={challenge}>
            {({ positions }) => (
              <form
               
                onSubmit={(event) => {
                  event.preventDefault();
                  confirm.mutate(positions);
                }}
              >
                <div className={styles["row"]}>
                  {positions.map((position) => (
                    <TextField
                      key={position}
                      label={t.word(position)}
                      value={words[position] ?? ""}
                      onChange={(word) => { setWords({ ...words, [position]: word }); }}
                      autoComplete="off"
                      spellCheck="false"
                      maxLength={40}
                    />
                  ))}
                </div>
                {confirm.data?.confirmed === false && <Notice tone="bad" urgent title={t.wrong} />}
                {confirm.isError && <ProblemBox problem={confirm.error} />}
                <div>
                  <Button look="primary" type="submit" isDisabled={confirm.isPending || positions.some((position) => (words[position] ?? "").trim() === "")}>
                    {t.submit}
                  </Button>
                </div>
              </form>
            )}
          </QueryState>
        </li>
      </ol>
    </StepCard>
  );
}
