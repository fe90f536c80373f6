#!/usr/bin/env node
// The command line's first step, in JavaScript that any Node runs: the rest is TypeScript and wants Node 24.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const own = fileURLToPath(new URL("../node_modules/.bin/node", import.meta.url));
if (Number(process.versions.node.split(".")[0]) >= 24) {
  const { run } = await import("./command-line.ts");
  await run(process.argv.slice(2));
} else if (existsSync(own)) {
  const child = spawn(own, process.argv.slice(1), { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
} else {
  console.error(
    `ipvs-console needs Node 24; this is ${process.versions.node}. Run \`npm run setup\` first: it brings one.`,
  );
  process.exit(2);
}
