import { serviceIds } from "../service.ts";
import type { RulePlan, RuleRefusal } from "./plan.ts";
import type { ReadyStatement } from "./statement.ts";
import { serverKeyText, type TableState } from "./table-state.ts";
import { zerosOf } from "./zeros.ts";

interface Merged {
  /** only what the text speaks of: services that it sets, and under each the servers that it sets */
  wanted: TableState;
  zeros: RulePlan["zeros"];
  refusals: RuleRefusal[];
  kept: number[];
}

/**
 * What the text wants to be there, whether it says add or edit. A removal takes back what lines above it wanted, and
 * nothing that is in the table; then its line is among `kept`. A server needs its service, in the table or above.
 */
export function mergeInto(table: TableState, statements: readonly ReadyStatement[]): Merged {
  const wanted: TableState = new Map();
  const asked: RulePlan["zeros"] = [];
  const refusals: RuleRefusal[] = [];
  const kept: number[] = [];
  const idOf = serviceIds();
  const refuse = ({ line, column, endColumn }: ReadyStatement, code: RuleRefusal["code"]) => {
    refusals.push({ line, column, endColumn, code });
  };
  for (const statement of statements) {
    const { line } = statement;
    switch (statement.command) {
      case "clear":
        wanted.clear();
        if (table.size > 0) kept.push(line);
        break;
      case "add-service":
      case "edit-service": {
        const { service: key, spec } = statement;
        const id = idOf(key);
        const servers = wanted.get(id)?.servers ?? new Map();
        wanted.set(id, { key, spec, line, servers });
        break;
      }
      case "delete-service": {
        const id = idOf(statement.service);
        wanted.delete(id);
        if (table.has(id)) kept.push(line);
        break;
      }
      case "add-server":
      case "edit-server": {
        const id = idOf(statement.service);
        const there = table.get(id);
        // The service's own row is not spoken of: it stays as it is.
        if (!wanted.has(id) && there) wanted.set(id, { ...there, servers: new Map() });
        const servers = wanted.get(id)?.servers;
        if (servers) servers.set(serverKeyText(statement.server), { spec: statement.server, line });
        else refuse(statement, "NO_SUCH_SERVICE");
        break;
      }
      case "delete-server": {
        const id = idOf(statement.service);
        const at = serverKeyText(statement.server);
        wanted.get(id)?.servers.delete(at);
        if (table.get(id)?.servers.has(at)) kept.push(line);
        break;
      }
      case "zero": {
        const { service } = statement;
        const id = service && idOf(service);
        if (id === null || table.has(id) || wanted.has(id)) asked.push({ service, line });
        else refuse(statement, "NO_SUCH_SERVICE");
      }
    }
  }
  return { wanted, zeros: zerosOf(asked, new Map([...table, ...wanted])), refusals, kept };
}
