import type { ServerRow, ServiceRow } from "#domain/table";
import type { TrafficProfile } from "./profile.ts";
import type { Random } from "./random.ts";

/** A real server as the simulated kernel holds it (struct ip_vs_dest). */
export interface ServerState {
  row: ServerRow;
  /** of its counters */
  slot: number;
  active: number;
  inactive: number;
  persistent: number;
  /** IP_VS_DEST_F_OVERLOAD: no new connections until enough have gone */
  overloaded: boolean;
  /** IP_VS_DEST_F_AVAILABLE: false once removed, while its connections keep it in the trash */
  available: boolean;
  /** the latest that was not 0: Maglev keeps the place of a quiesced server */
  lastWeight: number;
  /** weighted round robin: what it is owed */
  credit: number;
  owner: ServiceState;
}

/** A virtual service as the simulated kernel holds it (struct ip_vs_service). */
export interface ServiceState {
  row: ServiceRow;
  slot: number;
  /** the newest first, as the kernel lists them */
  servers: ServerState[];
  scheduling: Scheduling;
  profile: TrafficProfile;
  random: Random;
  /** slow noise around the profile's rate, about normal */
  drift: number;
  /** null unless persistent */
  clients: ClientTemplates | null;
  /** of a FULLNAT kernel, in the order they were added; always empty on any other */
  localAddresses: string[];
}

/** What a scheduler remembers between two picks; a new one when the servers or the scheduler changed, where the kernel makes one too. */
export interface Scheduling {
  /** rr: the server picked last */
  last: ServerState | null;
  /** sh, dh: the server of each of 256 buckets; null until made */
  buckets: ServerState[] | null;
  /** lblc: one, lblcr: several servers that the destination address was sent to */
  sticky: ServerState[];
}

/** Persistence templates: which server the client groups (addresses under the netmask) came to last. */
export interface ClientTemplates {
  server: (ServerState | null)[];
  expiresAtMs: Float64Array;
  /** client number → group */
  groupOf: Uint16Array;
}

export function newScheduling(): Scheduling {
  return { last: null, buckets: null, sticky: [] };
}
