import pino from "pino";
import { CodedError } from "#domain/errors";
import { openPeople } from "./people.ts";

/**
 * One of several processes at the same file, or one that is somebody else: `node race-fixture.ts FOLDER VERB NAME`. Says
 * "ready", and for every line on stdin does it and says "done" or the code of the refusal and what lay beneath.
 */
const [folder = "", verb, name = ""] = process.argv.slice(2);
const people = openPeople(folder, false, pino({ level: "silent" }));
const doer = { kind: "command-line", name: "command line", from: "" } as const;
const password = "correct horse battery";

async function act(): Promise<unknown> {
  switch (verb) {
    case "add-first":
      return people.users.addFirst(name, password, doer);
    case "add":
      return people.users.add({ name, role: "viewer", password }, doer);
    case "demote":
      return people.users.setRole(name, "viewer", doer);
    case "disable":
      return people.users.setDisabled(name, true, doer);
    case "remove":
      return people.users.remove(name, doer);
    default:
      throw new Error(`no such verb: ${verb}`);
  }
}

const said = (error: unknown) =>
  error instanceof CodedError ? `${error.code} ${error.shape.params["detail"] ?? ""}`.trim() : String(error);

await people.users.exist().catch(() => {});
process.stdout.write("ready\n");
process.stdin.on("data", async () => process.stdout.write(`${await act().then(() => "done", said)}\n`));
process.stdin.on("end", () => people.close());
