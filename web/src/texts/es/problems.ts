import type { Texts } from "..";

export const problems: Texts["problems"] = {
  title: "No ha funcionado",
  unexpected: "Ha ocurrido algo inesperado.",
  byCode: {
    unreachable: {
      title: "El servicio de copias no responde.",
      hint: "Compruebe que el equipo en el que funciona está encendido y conectado. Esta página sigue por sí sola cuando el servicio vuelva.",
    },
    timeout: {
      title: "El servicio de copias ha tardado demasiado en responder.",
      hint: "Puede que esté ocupado. Inténtelo de nuevo dentro de un momento.",
    },
    csrf: {
      title: "Esta página ya no está al día.",
      hint: "Vuelva a cargar la página y repita lo que hizo.",
    },
    not_administrator: {
      title: "Solo un administrador de seguridad puede hacer esto.",
      hint: "Pídaselo a alguien con el derecho SecurityAdmin en Open Dental.",
    },
    repository_locked: {
      title: "Otro programa está trabajando con las copias.",
      hint: "Espere a que termine e inténtelo de nuevo.",
    },
  },
  screen: {
    title: "No se ha podido mostrar esta pantalla",
    text: "Sus copias de seguridad no se ven afectadas.",
    reload: "Volver a cargar la página",
  },
};
