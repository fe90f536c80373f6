import pino from "pino";
import { CodedError } from "#domain/errors";
import { openPeople } from "./people.ts";

/**
 * One of several processes that do something to the same file at once: `node race-fixture.ts FOLDER VERB NAME`. Says "ready",
 * waits for a byte on stdin, does it, and says "done" or the code of the refusal.
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

await people.users.exist();
process.stdout.write("ready\n");
process.stdin.once("data", async () => {
  const said = await act().then(
    () => "done",
    (error: unknown) =>
      error instanceof CodedError ? `${error.code} ${error.shape.params["detail"] ?? ""}` : String(error),
  );
  process.stdout.write(`${said.trim()}\n`);
  process.stdin.destroy();
  await people.close();
});
