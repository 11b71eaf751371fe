import type { Texts } from "..";

export const drills: Texts["drills"] = {
  title: "Pruebas de restauración",
};
