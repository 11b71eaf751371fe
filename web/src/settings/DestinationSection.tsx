import { useState } from "react";
import { DownloadLink } from "@/restore/DownloadLink";
import { useTexts } from "@/texts";
import { Card } from "@/ui/Card";
import { TextField } from "@/ui/fields";
import { useSaveSettings, type Settings } from "./api";
import { SaveBar } from "./SaveBar";

/** Where the backups are, where restored files go, and the recovery kit once more. */
export function DestinationSection({ settings }: { settings: Settings }) {
  const { settings: texts } = useTexts();
  const t = texts.destination;
  const save = useSaveSettings();
  const saveFolder = useSaveSettings();
  const [path, setPath] = useState(settings.repository.path);
  const [folder, setFolder] = useState(settings.restore.folder);
  return (
    <>
      <Card title={t.title}>
        <TextField label={t.path} description={t.moved} value={path} onChange={setPath} autoComplete="off" maxLength={4000} />
        <SaveBar save={save} isDisabled={path.trim() === ""} onSave={() => { save.mutate({ change: { repository: { path: path.trim() } } }); }} />
      </Card>
      <Card title={t.restoreFolder}>
        <TextField label={t.restoreFolder} description={t.restoreFolderText} value={folder} onChange={setFolder} autoComplete="off" maxLength={4000} />
        <SaveBar save={saveFolder} onSave={() => { saveFolder.mutate({ change: { restore: { folder: folder.trim() } } }); }} />
      </Card>
      <Card title={t.kit}>
        <p>{t.kitText}</p>
        <div>
          <DownloadLink href="/api/v1/setup/kit">{t.kitSave}</DownloadLink>
        </div>
      </Card>
    </>
  );
}
