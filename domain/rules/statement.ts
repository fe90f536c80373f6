import type { z } from "zod";
import type { ServerKey, ServerSpec, TunnelChecksum, tunnelTypes } from "../real-server.ts";
import type { Protocol, SchedulerFlag, ServiceKey, ServiceSpec } from "../service.ts";
import type { syncDaemonSchema, syncRoles } from "../sync-daemon.ts";
import type { timeoutsSchema } from "../timeouts.ts";
import type { Span } from "./problem.ts";

/** Where in the text a statement stands. */
export interface At extends Span {
  /** counted from 1 */
  line: number;
}

/** What a line does, everything known: what plans are made of. */
export type Rule =
  | { command: "add-service" | "edit-service"; service: ServiceKey; spec: ServiceSpec }
  | { command: "delete-service"; service: ServiceKey }
  | { command: "add-server" | "edit-server"; service: ServiceKey; server: ServerSpec }
  | { command: "delete-server"; service: ServiceKey; server: ServerKey }
  | { command: "zero"; service: ServiceKey | null }
  | { command: "clear" }
  | { command: "set"; timeouts: z.infer<typeof timeoutsSchema> }
  | { command: "start-daemon"; daemon: z.infer<typeof syncDaemonSchema> }
  | { command: "stop-daemon"; role: (typeof syncRoles)[number] };

export type ReadyStatement = At & Rule;

/** A name that stands where an address or a port is wanted. */
export interface HostName extends Span {
  name: string;
}
export interface PortName extends HostName {
  /** /etc/services has a port for each protocol */
  protocol: Protocol;
}

/** A statement that waits for what its names mean (resolve.ts). */
export interface NamedStatement extends At {
  command: "unresolved";
  draft: Draft;
  hosts: HostName[];
  ports: PortName[];
}

export type Statement = ReadyStatement | NamedStatement;

export type DraftService =
  | { kind: "address"; protocol: Protocol; address: string | HostName; port: number | PortName; portWritten: boolean }
  | { kind: "fwmark"; family: 4 | 6; mark: number };

export interface DraftSpec {
  scheduler: string;
  schedulerFlags: SchedulerFlag[];
  /** null: not persistent */
  timeoutS: number | null;
  /** null: the full mask of the service's family */
  netmask: string | null;
  onePacket: boolean;
  engine: string | null;
}

export interface DraftServer {
  address: string | HostName;
  port: number | PortName;
  /** who said the port: the line, the service that it was copied from, or nobody, because -r came before the service */
  portFrom: "text" | "service" | "nowhere";
  forward: "nat" | "tunnel" | "direct";
  weight: number;
  upperThreshold: number;
  lowerThreshold: number;
  tunnel: { type: (typeof tunnelTypes)[number]; port: number; checksum: TunnelChecksum };
}

/** The parts of a line that something can be said of. */
export type Part =
  | "service"
  | "scheduler"
  | "schedulerFlags"
  | "timeoutS"
  | "netmask"
  | "onePacket"
  | "engine"
  | "server"
  | "forward"
  | "weight"
  | "upperThreshold"
  | "lowerThreshold"
  | "tunnel";

/** A service or server statement as its line has it, with names as names. */
export interface Draft extends At {
  command: "add-service" | "edit-service" | "delete-service" | "add-server" | "edit-server" | "delete-server" | "zero";
  service: DraftService;
  spec: DraftSpec | null;
  server: DraftServer | null;
  spans: Partial<Record<Part, Span>>;
}
