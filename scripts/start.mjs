/** `npm start`: sets the checkout up, then runs the product until it ends; signals and the exit status pass through. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { node, projectEnvironment, root } from "./checkout.mjs";
import { setup } from "./setup.mjs";

const args = process.argv.slice(2);
const wantsKernel = process.env.DIRECTOR === "kernel" || /(^|\0)--director(=|\0)kernel(\0|$)/.test(args.join("\0"));

try {
  await setup({ addonRequired: wantsKernel });
  process.exitCode = await start();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function start() {
  const child = spawn(node, [join(root, "server/cli.mjs"), "start", ...args], {
    stdio: "inherit",
    env: projectEnvironment(),
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    // A terminal sends its Ctrl-C to every process itself; twice would read as impatience.
    process.on(signal, () => (signal === "SIGINT" && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new Error(`The server could not be started: ${error.message}`)));
    child.on("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}
