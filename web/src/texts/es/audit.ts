import type { Texts } from "..";

export const audit: Texts["audit"] = {
  title: "Registro de actividad",
  intro: "Quién hizo qué, cuándo y desde dónde. Las entradas están encadenadas: ninguna se puede cambiar ni quitar sin que se note.",
  whole: (n) => `El registro está íntegro: ${n} entradas, ninguna cambiada.`,
  broken: "El registro ha sido manipulado o está dañado.",
  brokenAt: (n, what) => `En la entrada ${n}: ${what}`,
  user: "Solo de este usuario",
  action: "Solo esta acción",
  list: "Entradas",
  none: "Ninguna entrada.",
  columns: { when: "Cuándo", who: "Quién", what: "Qué", outcome: "Resultado", from: "Desde" },
  exportCsv: "Guardar como CSV",
  exportJson: "Guardar como JSON",
  older: "Mostrar entradas anteriores",
};
