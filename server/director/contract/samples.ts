import type { Change } from "#domain/change";
import type { ServerSpec } from "#domain/real-server";
import type { ServiceKey, ServiceSpec } from "#domain/service";

type AddressKey = Extract<ServiceKey, { kind: "address" }>;

export const http: AddressKey = { kind: "address", protocol: "tcp", address: "192.0.2.10", port: 80 };
export const dns: AddressKey = { kind: "address", protocol: "udp", address: "192.0.2.10", port: 53 };
export const sctp: AddressKey = { kind: "address", protocol: "sctp", address: "192.0.2.10", port: 80 };
export const http6: AddressKey = { kind: "address", protocol: "tcp", address: "2001:db8::10", port: 80 };
export const mark4: ServiceKey = { kind: "fwmark", family: 4, mark: 7 };
export const mark6: ServiceKey = { kind: "fwmark", family: 6, mark: 7 };

/** An address that every schema takes and the kernel does not: the broadcast address of lo's network. */
export const broadcast = "127.255.255.255";

export function spec(parts: Partial<ServiceSpec> = {}): ServiceSpec {
  return { scheduler: "wlc", schedulerFlags: [], persistence: null, onePacket: false, engine: null, ...parts };
}

export function server(parts: Partial<ServerSpec> = {}): ServerSpec {
  return {
    address: "10.0.0.1",
    port: 80,
    forward: "nat",
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: null,
    ...parts,
  };
}

export const ipip = { type: "ipip", port: 0, checksum: "none" } as const;
export const web1 = server();
export const web2 = server({ address: "10.0.0.2", weight: 2 });
export const web3 = server({ address: "10.0.0.3", weight: 3 });

export const addService = (service: ServiceKey, parts: Partial<ServiceSpec> = {}): Change => ({
  verb: "add-service",
  service,
  spec: spec(parts),
});
export const addServer = (service: ServiceKey, one: ServerSpec): Change => ({
  verb: "add-server",
  service,
  server: one,
});
export const editServer = (service: ServiceKey, one: ServerSpec): Change => ({
  verb: "edit-server",
  service,
  server: one,
});
export const setWeight = (service: ServiceKey, { address, port }: ServerSpec, weight: number): Change => ({
  verb: "set-weight",
  service,
  server: { address, port },
  weight,
});
export const removeServer = (service: ServiceKey, { address, port }: ServerSpec): Change => ({
  verb: "remove-server",
  service,
  server: { address, port },
});
export const drain = (service: ServiceKey, { address, port }: ServerSpec): Change => ({
  verb: "drain-server",
  service,
  server: { address, port },
});
export const restore = (service: ServiceKey, { address, port }: ServerSpec): Change => ({
  verb: "restore-server",
  service,
  server: { address, port },
});

/** http with web1, web2 and web3 */
export const threeWebs: Change[] = [addService(http), ...[web1, web2, web3].map((one) => addServer(http, one))];
