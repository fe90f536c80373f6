/** The lab as a library: a guest with the whole product, two real servers behind it, and ways in for a browser and for commands. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findProgram } from "../../scripts/debian-packages.mjs";
import { askForCommand } from "./command-server.mjs";
import { bootGuest, checkout } from "./guest.mjs";
import { commandPort, webPort } from "./lab-ports.mjs";
import { addresses, createNetwork, tapKernelArgument } from "./network.mjs";

/** With which environment, on top of its own, the guest runs the product. */
const productEnvironment = {
  ...{ LISTEN: `127.0.0.1:${webPort}`, STATE_DIR: "/run/state", RUNTIME_DIR: "/run/ipvs-console", DIRECTOR: "kernel" },
  ALLOWED_HOSTS: addresses.guest,
};

/**
 * Boots the lab. Options: product (words to run instead of the real one, which runs as two services of two users: lab-product.mjs), env (more environment for it), services (true: some stand from the start),
 * memory, timeoutSeconds (life of the guest, default 600), onOutput(text) for all output of the guest.
 * Resolves, when the product accepts connections, to
 *   url                the dashboard, for a browser inside the lab's network (loopback there; also http://10.99.0.2:3000)
 *   addresses          host, guest, virtual, virtual6, realServers, realServers6
 *   webSocket          path of a unix socket that leads to the dashboard, from outside that network
 *   output()           all that the guest has printed
 *   linkPath()         path, with a first run's token, of the link that the product printed; rejects when it prints none
 *   enter(cmd, args)   the words that run a program of the host inside the lab's network · run(cmd, args) → stdout
 *   programInside(p)   path of an executable that starts the program p inside it, for who can name but one file (a browser's executablePath)
 *   guestExec(cmd, args, { input, timeoutS })  runs a command in the guest → { status, stdout, stderr }
 *   done               resolves to { status, failure } when the guest has ended · close() ends everything
 */
export async function startLab({
  product = null,
  env = {},
  services = false,
  memory = "2G",
  timeoutSeconds = 600,
  onOutput = () => {},
} = {}) {
  const network = await createNetwork();
  let output = "";
  const listen = (chunk) => {
    output += chunk;
    onOutput(String(chunk));
  };
  const guest = bootGuest({
    command: "node",
    args: [
      join(checkout, "e2e/kernel/lab-guest.mjs"),
      JSON.stringify({ product, env: { ...productEnvironment, ...env }, services }),
    ],
    ...{ memory, timeoutSeconds, kernelArguments: [tapKernelArgument], wrapper: network.enter("env") },
    ...{ stdout: listen, stderr: listen },
  });
  const sockets = { web: join(guest.folder, "web.sock"), command: join(guest.folder, "command.sock") };
  const relays = startInside(network, "relay.mjs", [
    ...[sockets.web, `${addresses.guest}:${webPort}`, sockets.command, `${addresses.guest}:${commandPort}`],
    ...[`127.0.0.1:${webPort}`, `${addresses.guest}:${webPort}`],
  ]);
  const close = async () => {
    guest.stop();
    relays.stdin.end();
    await guest.done;
    await network.close();
  };
  try {
    await once(relays.stdout, "data");
    await untilReady(guest, () => output);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...{
      url: `http://127.0.0.1:${webPort}`,
      addresses,
      webSocket: sockets.web,
      enter: network.enter,
      run: network.run,
      done: guest.done,
      close,
    },
    output: () => output,
    linkPath: () => linkPath(() => output),
    programInside: (program) => {
      const file = join(guest.folder, `inside-${program.replaceAll("/", "-")}`);
      writeFileSync(file, `#!/bin/sh\nexec ${network.enter(program).join(" ")} "$@"\n`);
      chmodSync(file, 0o755);
      return file;
    },
    guestExec: (command, args = [], options = {}) => askForCommand(sockets.command, { command, args, ...options }),
  };
}

/** Starts one of this folder's programs inside the lab's network; it lives as long as its standard input is open. */
export function startInside(network, name, args) {
  const [program, ...words] = network.enter(findProgram("node"), [join(checkout, "e2e/kernel", name), ...args]);
  const child = spawn(program, words, { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.on("error", () => {});
  return child;
}

/** The product prints it just after it listens. */
async function linkPath(output) {
  for (let tries = 0; tries < 100; tries += 1) {
    const link = /^Open http:\/\/[^/\s]+(\/\S*)?\s/m.exec(output());
    if (link !== null) return link[1] ?? "/";
    await sleep(100);
  }
  throw new Error(`The product printed no link:\n${output()}`);
}

async function untilReady(guest, output) {
  const early = guest.done.then(({ status, failure }) => {
    throw new Error(`The lab's guest ended before it was ready: ${failure ?? `status ${status}`}\n${output()}`);
  });
  const ready = new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!output().includes("lab: ready\n")) return;
      clearInterval(timer);
      resolve();
    }, 50);
    guest.done.then(() => clearInterval(timer));
  });
  await Promise.race([ready, early]);
  early.catch(() => {});
}
