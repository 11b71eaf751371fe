import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useSearchParams } from "wouter";
import type { Snapshot } from "@/api/client";
import { useTexts } from "@/texts";
import { Button, ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { DataTable } from "@/ui/DataTable";
import { useFormat } from "@/ui/format";
import { Page } from "@/ui/Page";
import { Pager } from "@/ui/Pager";
import { QueryState } from "@/ui/QueryState";
import { TextField } from "@/ui/fields";
import { hasDatabase, hasImages, patientImagesQuery, PATIENTS_PAGE, patientsQuery, type Patient } from "./api";
import { ChosenBackup } from "./ChosenBackup";
import { PatientImages } from "./PatientImages";

/** Find a patient by name in a backup, see the images, take them out. */
export function PatientScreen() {
  const { restore } = useTexts();
  const t = restore.patient;
  return (
    <Page title={t.title} intro={t.intro} actions={<ButtonLink to="/restore" icon="left">{restore.run.back}</ButtonLink>}>
      <ChosenBackup needs={(snapshot) => hasDatabase(snapshot) && hasImages(snapshot)}>{(snapshot) => <Patients snapshot={snapshot} />}</ChosenBackup>
    </Page>
  );
}

function Patients({ snapshot }: { snapshot: Snapshot }) {
  // The patient stays chosen while one goes from backup to backup to find the image.
  const [search, setSearch] = useSearchParams();
  const chosen = Number(search.get("patient") ?? 0);
  const choose = (patient: number | null) => {
    setSearch((before) => {
      if (patient === null) before.delete("patient");
      else before.set("patient", String(patient));
      return before;
    });
  };
  if (chosen > 0) return <Chosen key={`${snapshot.id} ${String(chosen)}`} snapshot={snapshot} patient={chosen} onBack={() => { choose(null); }} />;
  return <Search snapshot={snapshot} onOpen={(patient) => { choose(patient.pat_num); }} />;
}

function Search({ snapshot, onOpen }: { snapshot: Snapshot; onOpen: (patient: Patient) => void }) {
  const { restore } = useTexts();
  const t = restore.patient;
  const format = useFormat();
  const [typed, setTyped] = useState("");
  const [offset, setOffset] = useState(0);
  const words = useDeferredValue(typed.trim());
  const query = useQuery({ ...patientsQuery(snapshot.id, words, offset), placeholderData: keepPreviousData });
  return (
    <Card title={t.results}>
      <TextField
        type="search"
        label={t.search}
        description={t.searchText}
        autoComplete="off"
        // eslint-disable-next-line jsx-a11y/no-autofocus -- the screen begins with it
        autoFocus
        value={typed}
        onChange={(next) => { setTyped(next); setOffset(0); }}
        maxLength={200}
      />
      <QueryState query={query}>
        {(page) => (
          <>
            <DataTable
              caption={t.results}
              empty={t.none}
              rows={page.patients}
              rowKey={(row) => row.pat_num}
              columns={[
                { key: "name", title: t.columns.name, isHeader: true, cell: (row) => nameOf(row) },
                { key: "born", title: t.columns.born, cell: (row) => (row.birth_date === null ? "" : format.shortDayWithYear(row.birth_date)) },
                { key: "number", title: t.columns.number, numeric: true, cell: (row) => String(row.pat_num) },
                { key: "images", title: t.columns.images, numeric: true, cell: (row) => format.count(row.images) },
                {
                  key: "action",
                  title: t.columns.action,
                  hideTitle: true,
                  numeric: true,
                  cell: (row) => (
                    <Button size="small" aria-label={`${t.open}: ${nameOf(row)}`} onPress={() => { onOpen(row); }}>
                      {t.open}
                    </Button>
                  ),
                },
              ]}
            />
            <Pager skip={offset} shown={page.patients.length} limit={PATIENTS_PAGE} total={page.total} onSkip={setOffset} />
          </>
        )}
      </QueryState>
    </Card>
  );
}

export function nameOf(patient: Patient): string {
  return `${patient.last_name}, ${patient.first_name}`;
}

function Chosen({ snapshot, patient, onBack }: { snapshot: Snapshot; patient: number; onBack: () => void }) {
  const { restore } = useTexts();
  const query = useQuery(patientImagesQuery(snapshot.id, patient));
  return (
    <>
      <div>
        <Button icon="left" onPress={onBack}>
          {restore.patient.back}
        </Button>
      </div>
      <QueryState query={query}>{(data) => <PatientImages snapshot={snapshot} patient={data.patient} images={data.images} />}</QueryState>
    </>
  );
}
