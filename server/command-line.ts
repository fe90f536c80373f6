import { ConfigError, readConfig } from "./config.ts";
import { createLog } from "./log.ts";

const usage = `usage: ipvs-console <verb> [--listen ADDRESS:PORT] [--director auto|kernel|simulated] …

  start      director and web together
  director   the privileged process: owns the table, serves it on a unix socket
  web        the unprivileged process: serves the pages

Every setting can be a flag or an environment variable of the same name
(--state-dir, STATE_DIR); README.md lists them.
`;

/** Runs one verb. Ends the process with 2 for bad usage, 1 for a process that could not start. */
export async function run(args: string[]): Promise<void> {
  const [verb, ...rest] = args;
  if (verb === undefined || verb === "help" || verb === "--help" || verb === "-h") {
    process.stdout.write(usage);
    process.exit(verb === undefined ? 2 : 0);
  }
  if (verb !== "start" && verb !== "director" && verb !== "web") {
    process.stderr.write(`ipvs-console: there is no "${verb}"\n\n${usage}`);
    process.exit(2);
  }
  try {
    const config = readConfig(rest, process.env);
    if (verb === "start") return (await import("./start.ts")).runStart(config, rest);
    const log = createLog(verb, config.logLevel);
    const begin =
      verb === "web" ? (await import("./web/main.ts")).runWeb : (await import("./director/main.ts")).runDirector;
    const running = await begin(config);
    endOnSignal(running.stop, (error) => log.error({ err: error }, "did not stop cleanly"));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    process.stderr.write(
      `ipvs-console ${verb}: ${error instanceof ConfigError ? error.message : (error.stack ?? error.message)}\n`,
    );
    process.exit(error instanceof ConfigError ? 2 : 1);
  }
}

/** A process that has not ended this long after it was told to is ended anyway; below the 2 s that are promised. */
const patienceMs = 1500;

function endOnSignal(stop: () => Promise<void>, onError: (error: unknown) => void): void {
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), patienceMs).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        onError(error);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  // The parent's pipe closes when it dies, however it died: nobody is left behind.
  if (process.send) process.on("disconnect", end);
}
