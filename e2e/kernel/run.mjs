/** `npm run kernel -- CMD…`: runs CMD as root on a real IPVS kernel, in the checkout, and exits with its status. */
import { resolve } from "node:path";
import { bootGuest } from "./guest.mjs";

const usage = `Usage: npm run kernel -- COMMAND [ARGUMENT…]
KERNEL_TIMEOUT_S (600)   seconds after which the guest is ended
KERNEL_MEM (1G)          the guest's memory
KERNEL_MODULES (ip_vs)   modules to load first, separated by blanks
KERNEL_ENV               names of variables to pass on, separated by blanks; KERNEL_PASS_* always are
KERNEL_OUT               the host's folder for what the command writes to $GUEST_OUT (default: a new one under .cache/guest)
`;

const [command, ...args] = process.argv.slice(2);
if (command === undefined) fail(usage, 2);
const timeoutSeconds = Number(process.env.KERNEL_TIMEOUT_S ?? 600);
if (!(timeoutSeconds > 0))
  fail(`KERNEL_TIMEOUT_S is "${process.env.KERNEL_TIMEOUT_S}", not a number of seconds above 0.\n`, 2);
const memory = process.env.KERNEL_MEM ?? "1G";
if (!/^\d+[KMG]$/.test(memory)) fail(`KERNEL_MEM is "${memory}", not a size such as 512M or 1G.\n`, 2);

const wanted = new Set((process.env.KERNEL_ENV ?? "").split(/[\s,]+/));
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => wanted.has(name) || name.startsWith("KERNEL_PASS_")),
);
const modules = (process.env.KERNEL_MODULES ?? "ip_vs").split(/[\s,]+/).filter((name) => name !== "");

const outDir = process.env.KERNEL_OUT === undefined ? {} : { outDir: resolve(process.env.KERNEL_OUT) };

let guest;
try {
  guest = bootGuest({
    ...{ command, args, env, memory, timeoutSeconds, modules, ...outDir },
    stdout: (chunk) => process.stdout.write(chunk),
    stderr: (chunk) => process.stderr.write(chunk),
  });
} catch (error) {
  fail(`${error.message}\n`, 125);
}
const numbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };
for (const signal of Object.keys(numbers)) {
  process.on(signal, () => {
    process.exitCode = 128 + numbers[signal];
    guest.stop(`The guest was ended by ${signal}.`);
  });
}
const { status, failure } = await guest.done;
if (failure !== null) process.stderr.write(`${failure}\n`);
process.exitCode ??= status ?? 125;

function fail(message, status) {
  process.stderr.write(message);
  process.exit(status);
}
