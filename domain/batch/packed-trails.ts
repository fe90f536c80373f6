import { type ObservedServerSpec, serverIdIn } from "../real-server.ts";
import { type ObservedServiceSpec, type ServiceKey, serviceId } from "../service.ts";
import type { States, Trails } from "./trail.ts";

/** A server's settings as JSON takes them in a fifth of the bytes: 10,000 of them are written before the first step of a batch. */
type PackedServer = [
  address: string,
  port: number,
  forward: ObservedServerSpec["forward"],
  weight: number,
  upperThreshold: number,
  lowerThreshold: number,
  tunnel: ObservedServerSpec["tunnel"],
];

interface PackedTrails {
  services: [key: ServiceKey, states: States<ObservedServiceSpec>, servers: States<PackedServer>[]][];
  timeouts: Trails["timeouts"];
  daemons: Trails["daemons"];
}

/** Trails as JSON; unpackTrails() gives the same back. Ids are left out, since every trail holds what its row is named by. */
export function packTrails({ services, timeouts, daemons }: Trails): string {
  const packed: PackedTrails = {
    services: services.map(({ key, states, servers }) => [
      key,
      states,
      servers.map((one) => one.states.map(packServer)),
    ]),
    timeouts,
    daemons,
  };
  return JSON.stringify(packed);
}

export function unpackTrails(text: string): Trails {
  const { services, timeouts, daemons } = JSON.parse(text) as PackedTrails;
  return {
    services: services.map(([key, states, servers]) => {
      const id = serviceId(key);
      return { id, key, states, servers: servers.map((packed) => unpackServer(id, packed)) };
    }),
    timeouts,
    daemons,
  };
}

function packServer(spec: ObservedServerSpec | null): PackedServer | null {
  if (!spec) return null;
  const { address, port, forward, weight, upperThreshold, lowerThreshold, tunnel } = spec;
  return [address, port, forward, weight, upperThreshold, lowerThreshold, tunnel];
}

function unpackServer(service: string, packed: States<PackedServer>): Trails["services"][number]["servers"][number] {
  const states = packed.map((state): ObservedServerSpec | null => {
    if (!state) return null;
    const [address, port, forward, weight, upperThreshold, lowerThreshold, tunnel] = state;
    return { address, port, forward, weight, upperThreshold, lowerThreshold, tunnel };
  });
  const known = states.find((state) => state !== null);
  return { id: known ? serverIdIn(service, known) : service, states };
}
