import { languageNames, useTexts } from "@/texts";
import { PanelButton } from "@/ui/Menu";
import { Choice, Toggle } from "@/ui/fields";
import { languages, setPreferences, usePreferences } from "./preferences";

/** Appearance, language and technician's view of this browser. */
export function ViewMenu() {
  const { shell } = useTexts();
  const { theme, language, technician } = usePreferences();
  return (
    <PanelButton icon="eye" label={shell.view.label} text={shell.view.label}>
      {() => (
        <>
          <Choice
            label={shell.view.theme}
            value={theme}
            onChange={(value) => { setPreferences({ theme: value }); }}
            options={(["system", "light", "dark"] as const).map((value) => ({ value, label: shell.view.themes[value] }))}
          />
          <Choice
            label={shell.view.language}
            value={language}
            onChange={(value) => { setPreferences({ language: value }); }}
            options={languages.map((value) => ({ value, label: languageNames[value] }))}
          />
          <Toggle
            label={shell.view.technician}
            description={shell.view.technicianText}
            isSelected={technician}
            onChange={(value) => { setPreferences({ technician: value }); }}
          />
        </>
      )}
    </PanelButton>
  );
}
