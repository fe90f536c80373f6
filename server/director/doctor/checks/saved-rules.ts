import { formatTable } from "#domain/rules/table-text";
import { driftBetween } from "../../boot-rules.ts";
import type { Check } from "../check.ts";
import type { HostReader } from "../host-reader.ts";
import { ifThere } from "../read.ts";

/** Where the distribution's own service keeps the rules: Debian's ipvsadm, Red Hat's and its relatives'. */
const paths = ["/etc/ipvsadm.rules", "/etc/sysconfig/ipvsadm"] as const;
const maxBytes = 16 * 1024 * 1024;

/** Lines are compared as they stand, so that a file with host names differs from the table though it means the same. */
export const savedRules: Check<"saved-rules"> = {
  id: "saved-rules",
  reads: [...paths, "table"],
  link: "/rules",
  async run({ host, services }) {
    const saved = await readSaved(host);
    if (!saved) return { verdict: "ok", code: "SAVED_RULES_NONE", params: { path: paths[0] } };
    const { path, lines } = saved;
    const commands = [`ipvs-console rules save --file ${path}`];
    const broken = lines.findIndex((line) => line.includes("(null)"));
    if (broken >= 0)
      return { verdict: "error", code: "SAVED_RULES_BROKEN", params: { path, line: broken + 1 }, commands };
    const rules = lines.filter((line) => !line.startsWith("#"));
    const drift = driftBetween(rules.join("\n"), withoutBlanks(formatTable(services())));
    return drift.added === 0 && drift.removed === 0
      ? { verdict: "ok", code: "SAVED_RULES_SAME", params: { path } }
      : { verdict: "notice", code: "SAVED_RULES_DIFFER", params: { path, ...drift }, commands };
  },
};

async function readSaved(host: HostReader): Promise<{ path: string; lines: string[] } | null> {
  for (const path of paths) {
    const text = await ifThere(host.text(path, maxBytes), null);
    if (text !== null) return { path, lines: text.split("\n").map((line) => line.trim()) };
  }
  return null;
}

/** ipvsadm ends a service of no option with a blank. */
const withoutBlanks = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .join("\n");
