import { useTexts } from "@/texts";
import { SubNav } from "@/ui/SubNav";

export function BackupNav() {
  const { backup: t } = useTexts();
  return (
    <SubNav
      label={t.sub.label}
      items={[
        { to: "/backup", label: t.sub.start },
        { to: "/backup/schedule", label: t.sub.schedule },
        { to: "/backup/keep", label: t.sub.keep },
        { to: "/backup/history", label: t.sub.history },
      ]}
    />
  );
}
