import type { Texts } from "..";

export const tokens: Texts["tokens"] = {
  title: "Acceso para programas",
  intro: "Una clave permite a un programa preguntar a este servicio sin contraseña: para vigilarlo o para iniciar copias.",
  list: "Claves",
  none: "Ningún programa tiene acceso.",
  columns: { name: "Nombre", rights: "Puede", made: "Creada", used: "Último uso", action: "Quitar" },
  administrator: "todo",
  ordinary: "hacer copias y restaurar",
  madeBy: (when, who) => `${when}, por ${who}`,
  remove: "Quitar",
  removeTitle: (name) => `¿Quitar «${name}»?`,
  removeText: "El programa que la usa no recibirá más respuestas.",
  make: "Crear una clave",
  name: "Para qué es",
  isAdministrator: "También puede cambiar los ajustes",
  secretTitle: "Cópiela ahora: solo se muestra esta vez",
  example: "Ejemplo",
};
