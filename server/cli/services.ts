import { servicesDocument } from "../web/http/services.ts";
import { sampleOnce } from "../web/read-table.ts";
import { directorFlags } from "./director-socket.ts";
import { readFlags } from "./flags.ts";
import { servicesTable } from "./services-table.ts";
import { withDirector } from "./with-director.ts";

const usage = `usage: ipvs-console services [--json] [--runtime-dir DIR] [--state-dir DIR]

Prints the table as it is now: virtual services, under each its real servers, with state,
connections and rates per second ("-" where there is none to tell yet).

  --json             everything, as JSON: exact counters as decimal strings, rates, gauges
  --runtime-dir DIR  the folder with the director's socket (RUNTIME_DIR); the usual ones are known
  --state-dir DIR    the state folder of a director that keeps its socket there (STATE_DIR)
  -h, --help         this text

It asks the director itself, so it must run as root, as the director's user, or as a member of
the group that the socket belongs to. Exit code 1: there was no table to be had; 2: wrong usage.
`;

const options = {
  ...directorFlags,
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** `ipvs-console services`: the table on standard output. Answers the exit code; ConfigError for wrong usage. */
export async function run(args: string[], env: Record<string, string | undefined>): Promise<number> {
  const { json, help, ...place } = readFlags({ args, options }).values;
  if (help) {
    process.stdout.write(usage);
    return 0;
  }
  return withDirector("services", place, env, async (director) => {
    const [mirror, status] = await Promise.all([sampleOnce(director), director.status()]);
    const document = servicesDocument(mirror, status);
    return {
      text: json ? JSON.stringify(document, null, 2) : servicesTable(document, wantsColour(process.stdout, env)),
    };
  });
}

/** On a terminal only, and not where NO_COLOR is set to anything (https://no-color.org). */
export function wantsColour(stream: { isTTY?: boolean }, env: Record<string, string | undefined>): boolean {
  return stream.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}
