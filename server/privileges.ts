import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Config, ConfigError, settingNames } from "./config.ts";
import { type Account, becomeAccount, webAccount } from "./privileges-account.ts";
import { readableApp } from "./privileges-app.ts";
import { lendCertificate } from "./privileges-certificate.ts";
import { prepareFolders } from "./privileges-folders.ts";

/** What web's process is started with: a program and its words, the whole environment, and who it is (null: who starts it). */
export interface WebProcess {
  program: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  account: Account | null;
}

/** What is not ours in the environment and a Node process still needs. */
const passedOn = ["PATH", "TZ", "LANG", "LC_ALL", "NODE_OPTIONS", "NODE_EXTRA_CA_CERTS", "NO_COLOR"];

/**
 * How web is to be started. As root: as another user, for whom folders, a readable copy of the app where it needs
 * one, and a copy of the certificate are made ready. Throws ConfigError, a sentence, when that cannot be done.
 *
 * @param flags of the command line, which web reads as well
 */
export function webProcess(config: Config, flags: string[]): WebProcess {
  const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
  const app = { root, node: process.execPath };
  if (process.getuid?.() !== 0) return processOf(config, flags, app, null, config.tls);
  const account = webAccount(config.webUser, readIfThere("/etc/passwd"), readIfThere("/etc/group"));
  refusePrivilegedPort(config, account);
  try {
    prepareFolders(config, account);
    const readable = readableApp(app.root, app.node, account, join(config.stateDir, "app"));
    return processOf(config, flags, readable, account, renewCertificate(config, account));
  } catch (error) {
    if (error instanceof ConfigError || !(error instanceof Error) || !("syscall" in error)) throw error;
    throw new ConfigError(
      `Web would run as ${account.name} (${account.uid}:${account.gid}), which cannot be made ready: ${error.message}. ` +
        "Where root may not become another user, as in a container without CAP_SETUID and CAP_SETGID, start it as a user that is not root.",
    );
  }
}

/** Gives web a copy of the certificate as it is now. Throws ConfigError, and leaves the former copy, when it cannot be used. */
export function renewCertificate(config: Pick<Config, "tls" | "runtimeDir">, account: Account): Config["tls"] {
  return config.tls && lendCertificate(config.tls, account, join(config.runtimeDir, "tls"));
}

/**
 * For a `web` that somebody started directly. As root it does not return: the process goes on under the same number as web's
 * own user, from the start. Otherwise it returns, unless the process holds a capability, which web must not: ConfigError.
 */
export function leaveRoot(config: Config, flags: string[]): void {
  if (process.getuid?.() === 0) {
    const { program, args, cwd, env, account } = webProcess(config, flags);
    process.chdir(cwd);
    if (account) becomeAccount(account);
    process.execve?.(program, [program, ...args], env);
    throw new Error("web cannot leave root: this Node has no execve");
  }
  if (holdsCapabilities(readIfThere("/proc/self/status"))) {
    throw new ConfigError(
      "Web would run with capabilities that it must not have, from its service's AmbientCapabilities or its program's file. " +
        "Run the director with them and web without, as two services.",
    );
  }
}

/** True when a process whose /proc/PID/status this is may do anything that its user may not, proc_pid_status(5). */
export function holdsCapabilities(status: string): boolean {
  return /^Cap(?:Prm|Eff|Amb):\s*0*[1-9a-f]/m.test(status);
}

function processOf(
  config: Config,
  flags: string[],
  { root, node }: { root: string; node: string },
  account: Account | null,
  tls: Config["tls"],
): WebProcess {
  // Said again where it was worked out, from an environment that web has not.
  const resolved = ["--state-dir", config.stateDir, "--runtime-dir", config.runtimeDir];
  if (tls) resolved.push("--tls-cert", tls.certFile, "--tls-key", tls.keyFile);
  const names = [...settingNames, ...passedOn];
  const given = names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  const env: NodeJS.ProcessEnv = {
    ...Object.fromEntries(given),
    HOME: join(config.stateDir, "web"),
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
  };
  return { program: node, args: [join(root, "server/cli.mjs"), "web", ...flags, ...resolved], cwd: root, env, account };
}

/** Only root listens below a border, ip(7) ip_unprivileged_port_start, and web is not root. */
function refusePrivilegedPort({ listen: { port } }: Config, account: Account): void {
  const border = Number(readIfThere("/proc/sys/net/ipv4/ip_unprivileged_port_start") || 1024);
  if (port === 0 || port >= border) return;
  throw new ConfigError(
    `LISTEN names port ${port}; web runs as ${account.name}, and only root listens below ${border}. Choose a higher port, ` +
      `with a proxy or a redirect in front, or allow it to everyone: sysctl net.ipv4.ip_unprivileged_port_start=${port}.`,
  );
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
