import type { Texts } from "..";

export const backup: Texts["backup"] = {
  title: "Copia de seguridad",
};
