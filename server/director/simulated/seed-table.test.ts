import { expect, test } from "vitest";
import { largeTable } from "../simulated.ts";
import { usualTable } from "./seed-table.ts";
import { Simulation } from "./simulation.ts";

test("out of the box there is one of everything", async () => {
  const simulation = new Simulation(usualTable);
  const { rows } = await simulation.ipvs.snapshot();
  const services = rows.filter((row) => row.kind === "service");
  const servers = rows.filter((row) => row.kind === "server");
  const kinds = new Set(services.map(({ key }) => (key.kind === "fwmark" ? `mark${key.family}` : key.protocol)));
  expect(kinds).toEqual(new Set(["tcp", "udp", "sctp", "mark4", "mark6"]));
  expect(new Set(servers.map(({ spec }) => spec.forward))).toEqual(new Set(["nat", "direct", "tunnel"]));
  expect(new Set(servers.flatMap(({ spec }) => spec.tunnel?.type ?? []))).toEqual(new Set(["ipip", "gue", "gre"]));
  const serversOf = (id: string) => servers.filter(({ serviceId }) => serviceId === id);
  expect(services.some(({ id }) => serversOf(id).length === 0)).toBe(true);
  expect(services.some(({ id }) => serversOf(id).length > 0 && serversOf(id).every((s) => s.spec.weight === 0))).toBe(
    true,
  );

  const readings = await simulation.read();
  const reading = (id: string) => readings.get(id) ?? expect.unreachable(id);
  const quiesced = servers.filter(({ spec, serviceId }) => {
    return spec.weight === 0 && serversOf(serviceId).some((other) => other.spec.weight > 0);
  });
  expect(quiesced).toHaveLength(1);
  for (const { id } of quiesced) expect(reading(id).active).toBeGreaterThan(100);
  for (const { id, spec } of servers) if (spec.weight > 0) expect(reading(id).connections).toBeGreaterThan(0);
});

test("one server is full, whenever one looks", async () => {
  const simulation = new Simulation(usualTable);
  const { rows } = await simulation.ipvs.snapshot();
  for (let second = 0; second < 120; second++) {
    simulation.pass(1);
    const readings = await simulation.read();
    const full = rows.filter((row) => {
      const { active = 0, inactive = 0 } = readings.get(row.id) ?? {};
      return row.kind === "server" && row.spec.upperThreshold > 0 && active + inactive >= row.spec.upperThreshold - 2;
    });
    expect(full.length).toBeGreaterThan(0);
  }
});

test.each([
  [1000, 10],
  [3, 300],
])("%i services with %i servers each, every one of its own", async (services, servers) => {
  const { rows } = await new Simulation(largeTable({ services, servers })).ipvs.snapshot();
  expect(rows).toHaveLength(services * (servers + 1));
  expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
});
