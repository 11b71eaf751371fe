import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, ask, type Schemas } from "@/api/client";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { CommandBlock } from "@/ui/CommandBlock";
import { DataTable } from "@/ui/DataTable";
import { ConfirmDialog } from "@/ui/Dialog";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { ProblemBox } from "@/ui/ProblemBox";
import { QueryState } from "@/ui/QueryState";
import { CheckboxField, TextField } from "@/ui/fields";
import styles from "./TokensScreen.module.css";

const key = ["tokens"] as const;

/** Access of scripts to the API: list, make, remove. A token is shown once. */
export function TokensScreen() {
  const { tokens: t, common } = useTexts();
  const format = useFormat();
  const query = useQuery({ queryKey: key, queryFn: () => ask(api.GET("/api/v1/tokens")) });
  const [removing, setRemoving] = useState<Schemas["Token"] | null>(null);
  return (
    <Page title={t.title} intro={t.intro}>
      <Card title={t.list}>
        <QueryState query={query}>
          {({ tokens }) => (
            <DataTable
              caption={t.list}
              empty={t.none}
              rows={tokens}
              rowKey={(row) => row.id}
              columns={[
                { key: "name", title: t.columns.name, isHeader: true, cell: (row) => row.name },
                { key: "rights", title: t.columns.rights, cell: (row) => (row.administrator ? t.administrator : t.ordinary) },
                { key: "made", title: t.columns.made, cell: (row) => t.madeBy(format.date(row.created), row.created_by) },
                { key: "used", title: t.columns.used, cell: (row) => (row.last_used === null ? common.never : format.when(row.last_used)) },
                {
                  key: "action",
                  title: t.columns.action,
                  hideTitle: true,
                  numeric: true,
                  cell: (row) => (
                    <Button size="small" aria-label={`${t.remove}: ${row.name}`} onPress={() => { setRemoving(row); }}>
                      {t.remove}
                    </Button>
                  ),
                },
              ]}
            />
          )}
        </QueryState>
      </Card>
      <Make />
      {removing !== null && <Remove token={removing} onClose={() => { setRemoving(null); }} />}
    </Page>
  );
}

function Make() {
  const { tokens: t } = useTexts();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [administrator, setAdministrator] = useState(false);
  const make = useMutation({
    mutationFn: () => ask(api.POST("/api/v1/tokens", { body: { name: name.trim(), administrator } })),
    onSuccess: () => {
      setName("");
      void client.invalidateQueries({ queryKey: key });
    },
  });
  const example = `curl -H "Authorization: Bearer $TOKEN" ${location.origin}/api/v1/overview`;
  return (
    <Card title={t.make}>
      <Form
        className={styles["form"] ?? ""}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "" && !make.isPending) make.mutate();
        }}
      >
        <TextField label={t.name} value={name} onChange={setName} maxLength={100} isRequired autoComplete="off" />
        <CheckboxField label={t.isAdministrator} isSelected={administrator} onChange={setAdministrator} />
        <Button look="primary" type="submit" isDisabled={make.isPending}>
          {t.make}
        </Button>
      </Form>
      {make.isError && <ProblemBox problem={make.error} />}
      {make.data && (
        <Notice tone="good" urgent title={t.secretTitle}>
          <CommandBlock label={make.data.name} lines={[make.data.secret]} />
          <CommandBlock label={t.example} lines={[example]} />
        </Notice>
      )}
    </Card>
  );
}

function Remove({ token, onClose }: { token: Schemas["Token"]; onClose: () => void }) {
  const { tokens: t } = useTexts();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => ask(api.DELETE("/api/v1/tokens/{id}", { params: { path: { id: token.id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: key });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={t.removeTitle(token.name)}
      confirm={t.remove}
      dangerous
      isPending={remove.isPending}
      problem={remove.error}
      onConfirm={() => { remove.mutate(); }}
    >
      {t.removeText}
    </ConfirmDialog>
  );
}
