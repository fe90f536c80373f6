import { expect } from "vitest";
import type { ServerRow, ServiceRow } from "#domain/table";
import { type Ipvs, IpvsFault, type Snapshot } from "#server/director/ipvs";
import type { Differential } from "./differential.ts";
import type { Operation } from "./operations.ts";

/**
 * Two Ipvs side by side: values, and of refusals errno and what was tried. Counters and gauges are left out, since
 * the simulated one has clients and the real one here has none.
 */
export const ipvsDifferential: Differential<Ipvs, Operation> = {
  answer: async (ipvs, operation) => {
    switch (operation.kind) {
      case "write":
        return ipvs.write(operation.commands);
      case "service":
        return ipvs.service(operation.service).then(contents, refusalIn);
      case "set-timeouts":
        return [await ipvs.setTimeouts(operation.timeouts).catch(refusalIn), await ipvs.timeouts()];
      case "start-daemon":
        return [await ipvs.startDaemon(operation.daemon).catch(refusalIn), await ipvs.daemons()];
      case "stop-daemon":
        return [await ipvs.stopDaemon(operation.role).catch(refusalIn), await ipvs.daemons()];
    }
  },
  table: async (ipvs) => contents(await ipvs.snapshot()),
  outcomes: (operation, answer) => {
    const names = operation.kind === "write" ? operation.commands.map(({ command }) => command) : [operation.kind];
    return names.map((name, index) => {
      const told = (Array.isArray(answer) ? answer[index] : answer) as { code?: unknown } | null | undefined;
      return `${name} ${typeof told?.code === "string" ? told.code : "done"}`;
    });
  },
};

/** What is not a kernel's refusal is a fault of the program, on either side, and ends the run. */
function refusalIn(error: unknown): unknown {
  if (!(error instanceof IpvsFault)) throw error;
  const { code, errno, operation } = error;
  return { code, errno, operation };
}

/** Services by id, each with its servers in order: services have an order that changes with every boot. */
function contents({ rows, counters, gauges }: Snapshot): Record<string, { service: ServiceRow; servers: ServerRow[] }> {
  expect(counters.length).toBe(rows.length * 5);
  expect(gauges.length).toBe(rows.length * 3);
  const services: Record<string, { service: ServiceRow; servers: ServerRow[] }> = {};
  for (const row of rows) {
    if (row.kind === "service") services[row.id] = { service: row, servers: [] };
    else services[row.serviceId]?.servers.push(row);
  }
  return services;
}
