import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Form } from "react-aria-components";
import { api, ask, type Retention } from "@/api/client";
import { settingsQuery } from "@/api/queries";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Notice } from "@/ui/Notice";
import { ProblemBox } from "@/ui/ProblemBox";
import { NumberField } from "@/ui/fields";
import list from "@/ui/List.module.css";
import styles from "./backup.module.css";

const names = ["keep_last", "keep_hourly", "keep_daily", "keep_weekly", "keep_monthly", "keep_yearly"] as const;

interface RulesFormProps {
  configured: Retention;
  rules: Retention;
  onChange: (rules: Retention) => void;
}

/** The rules, tried out before they are saved. */
export function RulesForm({ configured, rules, onChange }: RulesFormProps) {
  const { backup } = useTexts();
  const t = backup.keep;
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => ask(api.PUT("/api/v1/settings", { body: { retention: rules } })),
    onSuccess: (settings) => {
      client.setQueryData(settingsQuery.queryKey, settings);
      void client.invalidateQueries({ queryKey: ["retention"] });
    },
  });
  const isChanged = names.some((name) => rules[name] !== configured[name]);
  return (
    <Card title={t.rules}>
      <p className={list["soft"]}>{t.rulesText}</p>
      <Form
        className={list["stack"] ?? ""}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <div className={styles["rules"]}>
          {names.map((name) => (
            <NumberField
              key={name}
              label={t[name]}
              minValue={0}
              maxValue={100_000}
              value={rules[name]}
              onChange={(value) => {
                save.reset();
                onChange({ ...rules, [name]: Number.isNaN(value) ? 0 : value });
              }}
            />
          ))}
        </div>
        {save.isSuccess && !isChanged && <Notice tone="good" urgent title={t.saved} />}
        {save.isError && <ProblemBox problem={save.error} />}
        <div className={list["row"]}>
          <Button look="primary" type="submit" isDisabled={!isChanged || save.isPending}>
            {t.save}
          </Button>
          <Button isDisabled={!isChanged} onPress={() => { onChange(configured); }}>
            {t.reset}
          </Button>
        </div>
      </Form>
    </Card>
  );
}
