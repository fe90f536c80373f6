import type { DoctorReport } from "#domain/doctor";
import { directorFlags } from "./director-socket.ts";
import { doctorText } from "./doctor-text.ts";
import { readFlags } from "./flags.ts";
import { wantsColour } from "./services.ts";
import { withDirector } from "./with-director.ts";

const usage = `usage: ipvs-console doctor [--json] [--runtime-dir DIR] [--state-dir DIR]

Looks at the director's host and says what is wrong with it, worst first: what was found, why it
matters, and the command that would mend it, for you to run. It changes nothing itself.

  --json             everything that was found, as JSON
  --runtime-dir DIR  the folder with the director's socket (RUNTIME_DIR); the usual ones are known
  --state-dir DIR    the state folder of a director that keeps its socket there (STATE_DIR)
  -h, --help         this text

It asks the director itself, so it must run as root, as the director's user, or as a member of
the group that the socket belongs to. Exit code 1: there is an error among the findings, or no
director answers; 2: wrong usage.
`;

const options = {
  ...directorFlags,
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** `ipvs-console doctor`: the findings on standard output. Answers the exit code; ConfigError for wrong usage. */
export async function run(args: string[], env: Record<string, string | undefined>): Promise<number> {
  const { json, help, ...place } = readFlags({ args, options }).values;
  if (help) {
    process.stdout.write(usage);
    return 0;
  }
  return withDirector("doctor", place, env, async (director) => {
    // A host that is very ill does not tell its name either.
    const [report, status] = await Promise.all([director.doctor(), director.status().catch(() => null)]);
    const text = json ? JSON.stringify(report, null, 2) : doctorText(report, status, wantsColour(process.stdout, env));
    return { text, code: hasError(report) ? 1 : 0 };
  });
}

const hasError = ({ findings }: DoctorReport) => findings.some(({ verdict }) => verdict === "error");
