import { serviceIds } from "../service.ts";
import type { PlainTable } from "./plain-table.ts";
import type { PlanChange } from "./plan.ts";
import { serverKeyText, stateOf, type TableState } from "./table-state.ts";

/**
 * The table that a kernel has after these changes. Throws where the kernel would refuse: an addition of what is there, an
 * edit or a removal of what is not.
 */
export function applyPlan(table: PlainTable, changes: readonly PlanChange[]): PlainTable {
  const state = stateOf(table);
  const idOf = serviceIds();
  for (const change of changes) applyChange(state, change, idOf(change.service));
  return [...state.values()].map(({ key, spec, servers }) => ({
    key,
    spec,
    servers: [...servers.values()].map((server) => ({ spec: server.spec })),
  }));
}

function applyChange(state: TableState, change: PlanChange, id: string): void {
  const there = state.get(id);
  if ((there === undefined) !== (change.verb === "add-service")) throw new Error(`${change.verb} ${id}`);
  switch (change.verb) {
    case "add-service":
      state.set(id, { key: change.service, spec: change.spec, line: null, servers: new Map() });
      return;
    case "remove-service":
      state.delete(id);
      return;
    case "edit-service":
      if (there) there.spec = change.spec;
      return;
  }
  const at = serverKeyText(change.server);
  const servers = there?.servers ?? new Map();
  if (servers.has(at) === (change.verb === "add-server")) throw new Error(`${change.verb} ${id} ${at}`);
  if (change.verb === "remove-server") servers.delete(at);
  else servers.set(at, { spec: change.server, line: null });
}
