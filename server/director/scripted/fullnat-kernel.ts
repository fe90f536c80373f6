import { createServer, type Server, type Socket } from "node:net";
import {
  type Attributes,
  answer,
  attribute,
  attributesIn,
  done,
  flags,
  long,
  nest,
  number,
  type Request,
  record,
  requestsIn,
  short,
} from "./netlink.ts";

const family = 28;
const generic = { controller: 16, getFamily: 3, familyId: 1 } as const;
const errnos = { ENOENT: 2, ESRCH: 3, EEXIST: 17, EINVAL: 22, EOPNOTSUPP: 95 } as const;
type Errno = keyof typeof errnos;

export interface ScriptedLocalAddress {
  /** as the kernel sends it: 16 bytes, IPv4 in the first four */
  address: Buffer;
  conflicts: bigint;
  connections: number;
}

interface ScriptedService {
  attributes: Attributes;
  servers: Map<string, Attributes>;
  localAddresses: Map<string, ScriptedLocalAddress>;
}

/**
 * A FULLNAT kernel as far as its netlink family goes: services and servers with the settings they were given, and local
 * addresses by commands 18 to 20, attribute 7 (Alibaba's patch set for Linux 2.6.32, ip_vs_ctl.c). It speaks bytes on a unix
 * socket. `requests` is all that was asked of the family; `on` may answer in its place, with bytes or, null, with silence.
 */
export class FullnatKernel {
  readonly requests: Request[] = [];
  readonly services = new Map<string, ScriptedService>();
  on: (request: Request) => Buffer | null | undefined = () => undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  listen(path: string): Promise<void> {
    return new Promise((resolve) => this.#server.listen(path, resolve));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The requests of these commands so far. */
  asked(...commands: number[]): Request[] {
    return this.requests.filter(({ command }) => commands.includes(command));
  }

  #serve(socket: Socket): void {
    let pending: Buffer = Buffer.alloc(0);
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("data", (chunk: Buffer) => {
      const { requests, rest } = requestsIn(Buffer.concat([pending, chunk]));
      pending = rest;
      for (const request of requests) {
        const reply = this.#reply(request);
        if (reply) socket.write(reply);
      }
    });
  }

  #reply(request: Request): Buffer | null {
    if (request.type === generic.controller && request.command === generic.getFamily)
      return record(request, 1, attribute(generic.familyId, short(family)));
    // The barrier behind a batch.
    if (request.type !== family) return answer(request, 0);
    this.requests.push(request);
    const scripted = this.on(request);
    if (scripted !== undefined) return scripted;
    const found = this.#perform(request);
    if (typeof found === "string") return answer(request, errnos[found]);
    if (found === null) return answer(request, 0);
    if ((request.flags & flags.dump) !== flags.dump) return Buffer.concat(found.map((each) => each(false)));
    return Buffer.concat([...found.map((each) => each(true)), done(request)]);
  }

  /** What there is to send, null when it is done, or why it is not. */
  #perform(request: Request): ((isPart: boolean) => Buffer)[] | null | Errno {
    const { command } = request;
    const isDump = (request.flags & flags.dump) === flags.dump;
    const key = keyIn(request.attributes);
    const service = key === null ? undefined : this.services.get(key);
    const told = (code: number, type: number, inner: Iterable<readonly [number, Buffer]>) => {
      const attributes = nest(type, inner);
      return (isPart: boolean) => record(request, code, attributes, isPart);
    };
    if (command === 15) {
      const info = Buffer.concat([attribute(1, number(0x010201)), attribute(2, number(4096))]);
      return [() => record(request, 14, info)];
    }
    if (command === 17) return this.#flush();
    if (command === 4 && isDump) return Array.from(this.services.values(), (each) => told(1, 1, each.attributes));
    // A dump about a service that is not there is empty.
    if (isDump && !service) return [];
    if (command === 8 && isDump) return Array.from(service?.servers.values() ?? [], (each) => told(5, 2, each));
    if (command === 20 && isDump)
      return Array.from(service?.localAddresses.values() ?? [], ({ address, conflicts, connections }) =>
        told(18, 7, [
          [1, address],
          [2, long(conflicts)],
          [3, number(connections)],
        ]),
      );
    if (key === null) return "EINVAL";
    if (command === 1) return service ? "EEXIST" : this.#newService(key, request);
    if (!service) return "ESRCH";
    if (command === 2) return settle(service.attributes, request.attributes.get(1));
    if (command === 3) return this.services.delete(key) ? null : "ESRCH";
    if (command === 4) return [told(1, 1, service.attributes)];
    if (command >= 5 && command <= 7) return performOnServer(service, command, request.attributes.get(2));
    if (command === 18 || command === 19) return performOnAddress(service, command, request.attributes.get(7));
    return "EOPNOTSUPP";
  }

  #flush(): null {
    this.services.clear();
    return null;
  }

  #newService(key: string, request: Request): null {
    const attributes: Attributes = new Map();
    settle(attributes, request.attributes.get(1));
    this.services.set(key, { attributes, servers: new Map(), localAddresses: new Map() });
    return null;
  }
}

/** What tells one service from another: family and mark, or family, protocol, address and port. */
function keyIn(attributes: Attributes): string | null {
  const service = attributesIn(attributes.get(1) ?? Buffer.alloc(0));
  if (service.size === 0) return null;
  const parts = service.has(5) ? [1, 5] : [1, 2, 3, 4];
  return parts.map((type) => service.get(type)?.toString("hex")).join(" ");
}

/** Keeps what a request sets, in the kernel's own width: addresses are always 16 bytes. */
function settle(kept: Attributes, given: Buffer | undefined): null {
  for (const [type, value] of attributesIn(given ?? Buffer.alloc(0))) kept.set(type, type === 3 ? whole(value) : value);
  if (!kept.has(3)) kept.set(3, Buffer.alloc(16));
  return null;
}

function performOnServer({ servers }: ScriptedService, command: number, given: Buffer | undefined): null | Errno {
  const server = attributesIn(given ?? Buffer.alloc(0));
  const key = [1, 2].map((type) => server.get(type)?.toString("hex")).join(" ");
  const known = servers.get(key);
  if (command === 5 && known) return "EEXIST";
  if (command !== 5 && !known) return "ENOENT";
  if (command === 7) servers.delete(key);
  else servers.set(key, new Map([...server, [1, whole(server.get(1) ?? Buffer.alloc(0))]]));
  return null;
}

function performOnAddress(
  { localAddresses }: ScriptedService,
  command: number,
  given: Buffer | undefined,
): null | Errno {
  const address = whole(attributesIn(given ?? Buffer.alloc(0)).get(1) ?? Buffer.alloc(0));
  const key = address.toString("hex");
  if (command === 18 && localAddresses.has(key)) return "EEXIST";
  if (command === 18) localAddresses.set(key, { address, conflicts: 0n, connections: 0 });
  else if (!localAddresses.delete(key)) return "ENOENT";
  return null;
}

function whole(address: Buffer): Buffer {
  return Buffer.concat([address, Buffer.alloc(16)], 16);
}
