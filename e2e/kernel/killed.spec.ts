import { expect } from "@playwright/test";
import type { AuditEntry, AuditPage } from "#domain/audit";
import { type ConsoleClient, Refused } from "../console-client.ts";
import type { People } from "../people.ts";
import { test } from "./console-fixture.ts";
import { pidOf, type Verb } from "./guest-processes.ts";

/**
 * `ipvs-console start` as root on a real kernel, and kill -9 of its processes while somebody changes the table over HTTP:
 * what was answered with "done" is in the kernel's table and in the audit, and all of it comes back by itself.
 */
test.use({ product: ["node", "server/cli.mjs", "start"] });

/** How many changes are under way at any moment. */
const atOnce = 3;
const spec = { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Adds services until told to stop; what was answered with "done" is kept by its port. */
class Writer {
  readonly done: number[] = [];
  /** asked for, and answered with a failure or not at all: the kernel has it or not */
  readonly failed: number[] = [];
  /** how they failed */
  readonly codes = new Set<string>();
  readonly #operator: ConsoleClient;
  readonly #work: Promise<unknown>;
  #next: number;
  #stopping = false;

  constructor(operator: ConsoleClient, firstPort: number) {
    this.#operator = operator;
    this.#next = firstPort;
    this.#work = Promise.all(Array.from({ length: atOnce }, () => this.#write()));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#work;
  }

  async #write(): Promise<void> {
    while (!this.#stopping) {
      const port = this.#next++;
      const service = { kind: "address", protocol: "udp", address: "10.99.0.10", port };
      try {
        await this.#operator.mutate("table.change", { changes: [{ verb: "add-service", service, spec }] });
        this.done.push(port);
      } catch (error) {
        this.failed.push(port);
        this.codes.add(error instanceof Refused ? String(error.code) : String((error as NodeJS.ErrnoException).code));
        // As a person would: not a thousand times a second.
        await pause(50);
      }
    }
  }
}

async function changesInAudit({ admin }: People): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  let beforeId: number | null = null;
  do {
    const page: AuditPage = await admin.query("audit.page", { action: "table-change", beforeId, limit: 200 });
    entries.push(...page.entries);
    beforeId = page.olderThanId;
  } while (beforeId !== null);
  return entries;
}

const rounds: [Verb[], number][] = [
  [["web"], 1000],
  [["director"], 2000],
  [["web", "director"], 3000],
];
for (const [victims, firstPort] of rounds) {
  test(`kill -9 of ${victims.join(" and ")} in the middle of changes: what was acknowledged is there, and all goes on`, async ({
    lab,
    people,
  }) => {
    const person = await people.add("operator", `operator-${firstPort}`);
    const operator = await people.logIn(person);
    const writer = new Writer(operator, firstPort);
    await expect.poll(() => writer.done.length).toBeGreaterThan(10);
    const pids = await Promise.all(victims.map((verb) => pidOf(lab, verb)));
    const { status, stderr } = await lab.guestExec("kill", ["-9", ...pids.map(String)]);
    expect(status, stderr).toBe(0);
    const before = writer.done.length;
    for (const [at, verb] of victims.entries())
      await expect.poll(async () => (await pidOf(lab, verb)) ?? pids[at]).not.toBe(pids[at]);
    await expect.poll(() => writer.done.length).toBeGreaterThan(before + 10);
    await writer.stop();

    // Nobody had to log in again.
    const { me } = await operator.query<{ me: { name: string } | null }>("session.state");
    expect(me?.name).toBe(person.name);
    expect(writer.failed.length).toBeGreaterThan(0);
    for (const code of writer.codes) expect(code).toMatch(/^(ECONNRESET|ECONNREFUSED|EPIPE|UNREACHABLE|TIMED_OUT)$/);

    const ruleOf = (port: number) => `-A -u 10.99.0.10:${port} -s rr`;
    const { stdout } = await lab.guestExec("ipvsadm", ["-Sn"]);
    const rules = stdout.trim().split("\n");
    const audited = (await changesInAudit(people))
      .filter(({ outcome }) => outcome === "done")
      .map(({ target }) => target);
    expect(rules).toEqual(expect.arrayContaining(writer.done.map(ruleOf)));
    expect(audited).toEqual(expect.arrayContaining(writer.done.map((port) => `udp:10.99.0.10:${port}`)));
    // What failed is there or is not, and beside these there is nothing.
    const asked = new Set([...writer.done, ...writer.failed].map(ruleOf));
    const own = rules.filter((rule) => Math.floor(Number(/:(\d+) /.exec(rule)?.[1]) / 1000) * 1000 === firstPort);
    expect(own.filter((rule) => !asked.has(rule))).toEqual([]);
    test
      .info()
      .annotations.push({ type: "changes", description: `${writer.done.length} done, ${writer.failed.length} failed` });
  });
}
