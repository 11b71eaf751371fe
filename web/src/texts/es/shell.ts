import type { Texts } from "..";

export const shell: Texts["shell"] = {
  nav: {
    label: "Principal",
    overview: "Resumen",
    backup: "Copia de seguridad",
    restore: "Restaurar",
    drills: "Pruebas de restauración",
    audit: "Registro de actividad",
    tokens: "Acceso para programas",
    settings: "Ajustes",
    setup: "Configuración inicial",
    open: "Abrir el menú",
    close: "Cerrar el menú",
    administration: "Administración",
  },
  account: {
    menu: (user) => `Cuenta de ${user}`,
    local: "Administrador local",
    openDental: "Usuario de Open Dental",
    administrator: "Administrador de seguridad",
    signOut: "Cerrar sesión",
    signOutEverywhere: "Cerrar sesión en todas partes",
    signOutEverywhereTitle: "¿Cerrar sesión en todas partes?",
    signOutEverywhereText:
      "Todos los navegadores en los que tiene la sesión abierta volverán a pedir su contraseña, también este. Una copia en marcha continúa.",
  },
  view: {
    label: "Vista",
    theme: "Apariencia",
    themes: { system: "Como el equipo", light: "Clara", dark: "Oscura" },
    language: "Idioma",
    technician: "Vista técnica",
    technicianText: "Muestra rutas, identificadores y órdenes.",
  },
  live: {
    lost: "Se ha perdido la conexión con el servicio de copias. Intentando de nuevo…",
    back: "Conexión restablecida.",
  },
  notFound: {
    title: "Esta página no existe",
    text: "Puede que la dirección esté mal escrita.",
    home: "Ir al resumen",
  },
};
