import { serviceIds } from "../service.ts";
import type { PlannedChange, RulePlan, RuleRefusal } from "./plan.ts";
import type { ReadyStatement } from "./statement.ts";
import { type ServiceState, serverKeyText, type TableState } from "./table-state.ts";

interface Ran {
  /** the table afterwards */
  state: TableState;
  changes: PlannedChange[];
  zeros: RulePlan["zeros"];
  refusals: RuleRefusal[];
}

/**
 * Takes the statements one by one as `ipvsadm -R` does, on `state`, which becomes the table afterwards. A refused one
 * changes nothing, and those behind it are still judged.
 */
export function runRules(state: TableState, statements: readonly ReadyStatement[]): Ran {
  const run = new Run(state);
  for (const statement of statements) run.take(statement);
  return { state, changes: run.changes, zeros: run.zeros, refusals: run.refusals };
}

class Run {
  readonly changes: PlannedChange[] = [];
  readonly zeros: RulePlan["zeros"] = [];
  readonly refusals: RuleRefusal[] = [];
  readonly #state: TableState;
  readonly #idOf = serviceIds();
  /** what was in the table before the first line, which is what `expected` is compared with */
  readonly #found: Map<string, ServiceState>;

  constructor(state: TableState) {
    this.#state = state;
    this.#found = new Map([...state].map(([id, service]) => [id, { ...service, servers: new Map(service.servers) }]));
  }

  take(statement: ReadyStatement): void {
    switch (statement.command) {
      case "clear":
        for (const [id, { key }] of this.#state) this.#removeService(id, key, statement.line);
        return;
      case "zero":
        if (statement.service && !this.#state.has(this.#idOf(statement.service)))
          this.#refuse(statement, "NO_SUCH_SERVICE");
        else this.zeros.push({ service: statement.service, line: statement.line });
        return;
      case "add-service":
      case "edit-service":
      case "delete-service":
        this.#service(statement);
        return;
      case "add-server":
      case "edit-server":
      case "delete-server":
        this.#server(statement);
        return;
    }
  }

  #service(statement: Extract<ReadyStatement, { command: "add-service" | "edit-service" | "delete-service" }>): void {
    const { service: key, line } = statement;
    const id = this.#idOf(key);
    const there = this.#state.get(id);
    if (statement.command === "add-service") {
      if (there) {
        this.#refuse(statement, "SERVICE_EXISTS");
        return;
      }
      this.#state.set(id, { key, spec: statement.spec, line, servers: new Map() });
      this.changes.push({ change: { verb: "add-service", service: key, spec: statement.spec }, line });
      return;
    }
    if (!there) {
      this.#refuse(statement, "NO_SUCH_SERVICE");
      return;
    }
    if (statement.command === "delete-service") {
      this.#removeService(id, key, line);
      return;
    }
    const expected = this.#found.get(id)?.spec;
    there.spec = statement.spec;
    there.line = line;
    const change = { verb: "edit-service" as const, service: key, spec: statement.spec };
    this.changes.push({ change: expected ? { ...change, expected } : change, line });
  }

  #removeService(id: string, service: ServiceState["key"], line: number): void {
    const expected = this.#found.get(id)?.spec;
    this.#state.delete(id);
    const change = { verb: "remove-service" as const, service };
    this.changes.push({ change: expected ? { ...change, expected } : change, line });
  }

  #server(statement: Extract<ReadyStatement, { command: "add-server" | "edit-server" | "delete-server" }>): void {
    const { service, server, line } = statement;
    const id = this.#idOf(service);
    const servers = this.#state.get(id)?.servers;
    if (!servers) {
      this.#refuse(statement, "NO_SUCH_SERVICE");
      return;
    }
    const at = serverKeyText(server);
    const there = servers.get(at);
    if (statement.command === "add-server") {
      if (there) {
        this.#refuse(statement, "SERVER_EXISTS");
        return;
      }
      servers.set(at, { spec: statement.server, line });
      this.changes.push({ change: { verb: "add-server", service, server: statement.server }, line });
      return;
    }
    if (!there) {
      this.#refuse(statement, "NO_SUCH_SERVER");
      return;
    }
    const seen = this.#found.get(id)?.servers.get(at)?.spec;
    const expected = seen ? { expected: seen } : {};
    if (statement.command === "delete-server") {
      servers.delete(at);
      this.changes.push({ change: { verb: "remove-server", service, server: statement.server, ...expected }, line });
      return;
    }
    servers.set(at, { spec: statement.server, line });
    this.changes.push({ change: { verb: "edit-server", service, server: statement.server, ...expected }, line });
  }

  #refuse({ line, column, endColumn }: ReadyStatement, code: RuleRefusal["code"]): void {
    this.refusals.push({ line, column, endColumn, code });
  }
}
