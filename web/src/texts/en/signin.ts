export const signin = {
  title: "Sign in",
  intro: "With your Open Dental user name and password.",
  user: "User name",
  password: "Password",
  showPassword: "Show password",
  submit: "Sign in",
  working: "Signing in…",
  expired: "You were signed out because nothing was done for a while. Please sign in again.",
  byChoice: "You are signed out.",
  help: "No access? An administrator can give you the right “Backup” in Open Dental under Setup, Security. If the database is down, use the local administrator.",
  problems: {
    wrong_password: "User name or password is wrong.",
    no_right: "This user does not have the right “Backup” in Open Dental. An administrator can give it under Setup, Security.",
    database_gone: "The Open Dental database cannot be reached. Sign in as the local administrator that was made at set-up.",
  },
  locked: (minutes: number) =>
    `Too many wrong passwords. Wait ${minutes === 1 ? "a minute" : `${String(minutes)} minutes`}, then try again.`,
};
