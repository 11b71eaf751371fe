// Types, bundle, and what finish.mjs adds. usage: build.mjs [DIR] (default: dist)
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const folder = resolve(process.argv[2] ?? "dist");
for (const [program, ...args] of [
  ["npm", "run", "--silent", "typecheck"],
  ["npx", "--no-install", "vite", "build", "--outDir", folder, "--emptyOutDir"],
  ["node", "scripts/finish.mjs", folder],
]) {
  const { status } = spawnSync(program, args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
