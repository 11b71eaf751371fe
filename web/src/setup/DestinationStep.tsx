import { useState } from "react";
import { useTexts } from "@/texts";
import { Button } from "@/ui/Button";
import { Facts } from "@/ui/Facts";
import { useFormat } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { ProblemBox } from "@/ui/ProblemBox";
import { PasswordField, TextField } from "@/ui/fields";
import { Problems } from "./Problems";
import { StepCard } from "./StepCard";
import { useSetupStep, type DestinationProbe } from "./api";

/** Where the backups go: looked at, and only then made. */
export function DestinationStep({ isDone, path, onDone }: { isDone: boolean; path: string; onDone: () => void }) {
  const { setup, common } = useTexts();
  const t = setup.destination;
  const format = useFormat();
  const [folder, setFolder] = useState(path);
  const [password, setPassword] = useState("");
  const look = useSetupStep<{ path: string }, DestinationProbe>("destination");
  const make = useSetupStep<{ path: string; password?: string }, { id: string }>("repository");
  const probe = look.data;
  const mayMake = probe !== undefined && probe.writable && (probe.empty || !probe.exists || (probe.is_repository && password !== ""));
  if (isDone)
    return (
      <StepCard title={t.title}>
        <Notice tone="good" title={t.done(path)} />
        <div>
          <Button look="primary" onPress={onDone}>{common.next}</Button>
        </div>
      </StepCard>
    );
  return (
    <StepCard title={t.title} intro={t.intro}>
      <TextField label={t.folder} description={t.folderText} value={folder} onChange={(next) => { setFolder(next); look.reset(); }} autoComplete="off" placeholder="/mnt/usb/enamel" maxLength={4000} />
      <div>
        <Button look={probe === undefined ? "primary" : "plain"} isDisabled={folder.trim() === "" || look.isPending} onPress={() => { look.mutate({ path: folder.trim() }); }}>
          {look.isPending ? setup.looking : t.test}
        </Button>
      </div>
      {look.isError && <ProblemBox problem={look.error} />}
      {probe && (
        <>
          <Facts
            items={[
              [t.free, t.ofTotal(format.bytes(probe.free), format.bytes(probe.total))],
              [t.speed, probe.write_mb_s === null ? null : t.perSecond(format.bytes(probe.write_mb_s * 1e6))],
            ]}
          />
          {!probe.writable && <Notice tone="bad" urgent title={t.notWritable} />}
          {probe.same_disk_as_data && (
            <Notice tone="warn" urgent title={t.sameDisk}>
              <p>{t.sameDiskText}</p>
            </Notice>
          )}
          {probe.is_repository && <Notice tone="neutral" title={t.already} />}
          {probe.is_repository && <PasswordField label={t.password} description={t.passwordText} value={password} onChange={setPassword} autoComplete="off" maxLength={1024} />}
          {probe.exists && !probe.empty && !probe.is_repository && <Notice tone="warn" urgent title={t.notEmpty} />}
          <Problems problems={probe.problems} />
          <div>
            <Button
              look="primary"
              isDisabled={!mayMake || make.isPending}
              onPress={() => { make.mutate({ path: folder.trim(), ...(probe.is_repository ? { password } : {}) }, { onSuccess: onDone }); }}
            >
              {probe.is_repository ? t.goOn : t.make}
            </Button>
          </div>
          {make.isError && <ProblemBox problem={make.error} />}
        </>
      )}
    </StepCard>
  );
}
