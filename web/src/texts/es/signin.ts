import type { Texts } from "..";

export const signin: Texts["signin"] = {
  title: "Iniciar sesión",
  intro: "Con su usuario y contraseña de Open Dental.",
  user: "Usuario",
  password: "Contraseña",
  showPassword: "Mostrar la contraseña",
  submit: "Iniciar sesión",
  working: "Iniciando sesión…",
  expired: "La sesión se cerró porque durante un tiempo no se hizo nada. Vuelva a iniciarla.",
  byChoice: "La sesión está cerrada.",
  help: "¿Sin acceso? Un administrador puede darle el derecho «Backup» en Open Dental, en Setup, Security. Si la base de datos no funciona, use el administrador local.",
  problems: {
    wrong_password: "El usuario o la contraseña no es correcto.",
    no_right: "Este usuario no tiene el derecho «Backup» en Open Dental. Un administrador puede dárselo en Setup, Security.",
    database_gone: "No se puede acceder a la base de datos de Open Dental. Inicie sesión como el administrador local creado en la configuración inicial.",
  },
  locked: (minutes) =>
    `Demasiadas contraseñas incorrectas. Espere ${minutes === 1 ? "un minuto" : `${String(minutes)} minutos`} e inténtelo de nuevo.`,
};
