import { connectionQuerySchema } from "#domain/connection";
import {
  connectionGroupings,
  connectionOrigins,
  connectionProtocols,
  connectionSorts,
  maxHeldConnections,
} from "#domain/connection-query";
import { connectionsDocument } from "#domain/connections-document";
import { problemsOf } from "#domain/problem";
import { ConfigError } from "../config.ts";
import { connectionsTable } from "./connections-table.ts";
import { directorFlags } from "./director-socket.ts";
import { readFlags } from "./flags.ts";
import { readConnections } from "./read-connections.ts";
import { withDirector } from "./with-director.ts";

const usage = `usage: ipvs-console connections [--client A] [--virtual A] [--server A] [--any A] [--state S] [--protocol P]
                                [--templates] [--origin O] [--group G] [--sort F] [--descending] [--limit N] [--json]

Prints the connections in the table, as ipvsadm -Lnc does, or counts them by what they have in common. The director reads
the table on the side; of a very large one this takes a while, and Ctrl-C ends it.

  --client A, --virtual A, --server A
                     one end: 10.0.0.1, 10.0.0.0/24, 10.0.0.1:80, [2001:db8::1]:80, 2001:db8::/32 or :443
  --any A            any of the three ends
  --state S          ESTABLISHED, TIME_WAIT, UDP, …; several with commas between them
  --protocol P       ${connectionProtocols.join(", ")}; several with commas between them
  --templates        what persistence remembers of clients, instead of connections
  --origin O         ${connectionOrigins.join(", ")} or any: who made them, which this prints too
  --group G          counts by ${connectionGroupings.join(", ")}
  --sort F           by ${connectionSorts.join(", ")}; as the kernel lists them without it
  --descending       the other way round
  --limit N          rows or groups at most, 100 without it
  --json             everything about them, as JSON
  --runtime-dir DIR  the folder with the director's socket (RUNTIME_DIR); the usual ones are known
  --state-dir DIR    the state folder of a director that keeps its socket there (STATE_DIR)
  -h, --help         this text

It asks the director itself, so it must run as root, as the director's user, or as a member of
the group that the socket belongs to. Exit code 1: the table could not be read; 2: wrong usage.
`;

const word = { type: "string" } as const;
const options = {
  ...directorFlags,
  ...{ client: word, virtual: word, server: word, any: word, state: word, protocol: word, origin: word },
  ...{ group: word, sort: word, limit: word },
  templates: { type: "boolean" },
  descending: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** What each flag must be, for who wrote something else. */
const wants: Record<string, string> = {
  client: "an address, a network or a port, such as 10.0.0.0/24, 10.0.0.1:80, [2001:db8::1]:443 or :443",
  state: "names of states, such as ESTABLISHED or TIME_WAIT,CLOSE",
  protocol: connectionProtocols.join(", "),
  origin: `${connectionOrigins.join(", ")} or any`,
  group: connectionGroupings.join(", "),
  sort: connectionSorts.join(", "),
  limit: `a whole number from 1 to ${maxHeldConnections}`,
};

/** `ipvs-console connections`: rows or groups on standard output. Answers the exit code; ConfigError for wrong usage. */
export async function run(args: string[], env: Record<string, string | undefined>): Promise<number> {
  const {
    json,
    help,
    "runtime-dir": runtimeDir,
    "state-dir": stateDir,
    ...flags
  } = readFlags({ args, options }).values;
  if (help) {
    process.stdout.write(usage);
    return 0;
  }
  const limit = limitOf(flags.limit);
  const query = queryOf(flags);
  const place = { "runtime-dir": runtimeDir, "state-dir": stateDir };
  return withDirector("connections", place, env, async (director) => {
    const document = connectionsDocument(await readConnections(director, query, limit));
    return { text: json ? JSON.stringify(document, null, 2) : connectionsTable(document) };
  });
}

type Flags = Partial<Record<keyof typeof options, string | boolean | undefined>>;

function limitOf(text: string | undefined): number {
  const limit = text === undefined ? 100 : /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > maxHeldConnections) throw wrong("limit", text);
  return limit;
}

function queryOf({ state, protocol, templates, descending = false, group, sort, ...ends }: Flags) {
  if (group !== undefined && (sort !== undefined || descending))
    throw new ConfigError("--group lists the largest counts first; --sort and --descending are for rows.");
  const list = (text: unknown) => (typeof text === "string" ? text.split(",") : undefined);
  const { client, virtual, server, any, origin } = ends;
  const kind = templates ? "templates" : "connections";
  const filter = { kind, client, virtual, server, any, origin, state: list(state), protocol: list(protocol) };
  const parsed = connectionQuerySchema.safeParse({ filter, descending, group: group ?? null, sort: sort ?? null });
  if (parsed.success) return parsed.data;
  const path = problemsOf(parsed.error)[0]?.path ?? [];
  const name = String(path[0] === "filter" ? path[1] : path[0]);
  throw wrong(name, { state, protocol, group, sort, ...ends }[name] ?? "");
}

function wrong(name: string, text: unknown): ConfigError {
  return new ConfigError(`--${name} is "${text}"; it must be ${wants[name] ?? wants["client"]}.`);
}
