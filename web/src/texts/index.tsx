// The catalogue: every word the page shows, one folder a language, one file an area. English is complete by definition;
// another language has the type of English, so that a missing text is a compile error.
import { createContext, use, useEffect, useState, type ReactNode } from "react";
import { I18nProvider } from "react-aria-components";
import { usePreferences, type Language } from "@/app/preferences";
import { en } from "./en";

export type Texts = typeof en;

const loaders: Record<Language, () => Promise<Texts>> = {
  en: () => Promise.resolve(en),
  es: async () => (await import("./es")).es,
};

/** In its own words. */
export const languageNames: Record<Language, string> = { en: "English", es: "Español" };

const locales: Record<Language, string> = { en: "en-US", es: "es-US" };

interface Spoken {
  texts: Texts;
  locale: string;
}

const TextsContext = createContext<Spoken>({ texts: en, locale: locales.en });

export function TextsProvider({ children }: { children: ReactNode }) {
  const { language } = usePreferences();
  const [spoken, setSpoken] = useState<Spoken | null>(language === "en" ? { texts: en, locale: locales.en } : null);
  useEffect(() => {
    let current = true;
    const speak = (texts: Texts, spokenLanguage: Language) => {
      if (!current) return;
      setSpoken({ texts, locale: locales[spokenLanguage] });
      document.documentElement.lang = spokenLanguage;
    };
    loaders[language]().then(
      (texts) => speak(texts, language),
      () => speak(en, "en"), // its file cannot be loaded: better English than nothing
    );
    return () => {
      current = false;
    };
  }, [language]);
  if (spoken === null) return null;
  return (
    <TextsContext value={spoken}>
      <I18nProvider locale={spoken.locale}>{children}</I18nProvider>
    </TextsContext>
  );
}

/** The words in the language that is switched on: `const t = useTexts(); t.overview.title`. */
export function useTexts(): Texts {
  return use(TextsContext).texts;
}

/** For Intl: "en-US". */
export function useLocale(): string {
  return use(TextsContext).locale;
}
