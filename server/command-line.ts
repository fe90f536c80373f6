import { ConfigError, readConfig } from "./config.ts";
import { createLog } from "./log.ts";

/**
 * A verb that does one thing and ends. `run` answers the exit code, having said on stderr why it is not 0; it throws
 * ConfigError for wrong usage, which is exit 2 with its sentence, and knows `--help`.
 */
interface Verb {
  does: string;
  /** loaded when it is run, so that no verb pays for another */
  load: () => Promise<{ run: (args: string[], env: Record<string, string | undefined>) => Promise<number> }>;
}

const verbs: Record<string, Verb> = {
  services: {
    does: "prints the table with its rates; --json for scripts",
    load: () => import("./cli/services.ts"),
  },
  connections: {
    does: "who is connected: rows or counts of the connection table; --json for scripts",
    load: () => import("./cli/connections.ts"),
  },
  rules: {
    does: "the table as ipvsadm's text: save, restore, export, import",
    load: () => import("./cli/rules.ts"),
  },
  doctor: {
    does: "what is wrong with the director's host; --json for scripts",
    load: () => import("./cli/doctor.ts"),
  },
  user: {
    does: "who may log in: add, passwd, role, disable, enable, list",
    load: () => import("./cli/user.ts"),
  },
  token: {
    does: "bearer tokens for programs: create, list, revoke",
    load: () => import("./cli/token.ts"),
  },
};

const usage = `usage: ipvs-console <verb> [--flag VALUE] …

  start        director and web together
  director     the privileged process: owns the table, serves it on a unix socket
  web          the unprivileged process: serves the pages
${Object.entries(verbs)
  .map(([name, { does }]) => `  ${name.padEnd(11)}  ${does}\n`)
  .join("")}
Every setting can be a flag or an environment variable of the same name
(--state-dir, STATE_DIR); README.md lists them. What else a verb takes, it says
with --help.
`;

/** Runs one verb. Ends the process with 2 for bad usage, 1 for a process that could not start or a verb that could not do it. */
export async function run(args: string[]): Promise<void> {
  const [name, ...rest] = args;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    (name === undefined ? process.stderr : process.stdout).write(usage);
    process.exit(name === undefined ? 2 : 0);
  }
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (!verb && name !== "start" && name !== "director" && name !== "web") {
    process.stderr.write(`ipvs-console: there is no "${name}"\n\n${usage}`);
    process.exit(2);
  }
  try {
    if (verb) await runVerb(verb, rest);
    else await runProcess(name as "start" | "director" | "web", rest);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isUsage = error instanceof ConfigError;
    const hint = isUsage && verb ? ` See ipvs-console ${name} --help.` : "";
    process.stderr.write(`ipvs-console ${name}: ${isUsage ? error.message : (error.stack ?? error.message)}${hint}\n`);
    process.exit(isUsage ? 2 : 1);
  }
}

async function runVerb(verb: Verb, args: string[]): Promise<void> {
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(process.exitCode ?? 0);
  });
  // Nor is it one that nobody reads remarks: what was begun is done.
  process.stderr.on("error", () => {});
  const { run: runIt } = await verb.load();
  // Not process.exit(): what waits in a pipe would be cut off.
  process.exitCode = await runIt(args, process.env);
}

async function runProcess(name: "start" | "director" | "web", args: string[]): Promise<void> {
  const config = readConfig(args, process.env);
  if (name === "start") return (await import("./start.ts")).runStart(config, args);
  if (name === "web") (await import("./privileges.ts")).leaveRoot(config, args);
  if (name === "director" && config.netns !== null && config.director !== "simulated")
    (await import("./director/network-namespace.ts")).enterNetworkNamespace(config.netns);
  const log = createLog(name, config.logLevel);
  const begin =
    name === "web" ? (await import("./web/main.ts")).runWeb : (await import("./director/main.ts")).runDirector;
  // Before it begins: who is told to end meanwhile ends as cleanly, and a parent that dies meanwhile is noticed.
  const begun = Promise.withResolvers<{ stop: () => Promise<void> }>();
  endOnSignal(begun.promise, (error) => log.error({ err: error }, "did not stop cleanly"));
  begin(config).then(begun.resolve, begun.reject);
  await begun.promise;
}

/** A process that has not ended this long after it was told to is ended anyway; below the 2 s that are promised. */
const patienceMs = 1500;

function endOnSignal(begun: Promise<{ stop: () => Promise<void> }>, onError: (error: unknown) => void): void {
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), patienceMs).unref();
    const stopped = begun.then(({ stop }) => stop());
    stopped.then(
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
  if (!process.send) return;
  process.on("disconnect", end);
  if (!process.connected) end();
}
