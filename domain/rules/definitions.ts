import { parseAddress } from "../address.ts";
import { portSchema } from "../numbers.ts";
import { type Problem, problemsOf } from "../problem.ts";
import { type ServerSpec, serverDefinitionSchema } from "../real-server.ts";
import { type ServiceKey, type ServiceSpec, serviceDefinitionSchema, serviceKeySchema } from "../service.ts";
import { isQuad } from "./address-text.ts";
import { addressShape, isCanonicalSix } from "./plain-address.ts";
import type { DraftService } from "./statement.ts";

/** A service's name, settled. */
export interface Key {
  key: ServiceKey;
  /** what the rules of a definition look at in it, as text; null when its schema refuses it */
  shape: string | null;
}

type Checked<T> = { value: T; problems: null } | { value: null; problems: Problem[] };

/**
 * Checks definitions by the schemas that every change is checked by, and remembers what they took. A definition that
 * differs from one that was taken in nothing that a rule looks at is taken too: of an address that is its addressShape(),
 * of a server's port whether it is the service's. What a schema refuses is asked anew each time.
 */
export class Definitions {
  readonly #keys = new Map<DraftService, Key>();
  readonly #marks = { 4: new Map<number, Key>(), 6: new Map<number, Key>() };
  readonly #specs = new Map<string, ServiceSpec>();
  readonly #servers = new Map<string, ServerSpec>();
  readonly #ports = new Set<number>();

  /** The key of a service whose names are known; remembered for the draft when there were none. Throws when it cannot be one. */
  addressKey(draft: DraftService & { kind: "address" }, address: string, port: number): Key {
    const known = this.#keys.get(draft);
    if (known) return known;
    const { protocol } = draft;
    const key = serviceKeySchema.parse({ kind: "address", protocol, address, port }) as ServiceKey & {
      kind: "address";
    };
    const shape = `${protocol} ${addressShape(key.address)} ${key.port === 0}`;
    const made = { key, shape };
    if (typeof draft.address === "string" && typeof draft.port === "number") this.#keys.set(draft, made);
    return made;
  }

  markKey(family: 4 | 6, mark: number): Key {
    const known = this.#marks[family].get(mark);
    if (known) return known;
    const key: ServiceKey = { kind: "fwmark", family, mark };
    const made = { key, shape: serviceKeySchema.safeParse(key).success ? `fwmark ${family}` : null };
    this.#marks[family].set(mark, made);
    return made;
  }

  service({ key, shape }: Key, spec: ServiceSpec): Checked<ServiceSpec> {
    const { scheduler, schedulerFlags, persistence, onePacket, engine } = spec;
    const persistent = persistence ? `${persistence.timeoutS} ${persistence.netmask}` : "";
    // No word of a line holds a blank.
    const text = `${shape} ${scheduler} ${schedulerFlags.join()} ${persistent} ${onePacket} ${engine ?? ""}`;
    const known = shape === null ? undefined : this.#specs.get(text);
    if (known) return { value: known, problems: null };
    const parsed = serviceDefinitionSchema.safeParse({ service: key, spec });
    if (!parsed.success) return { value: null, problems: problemsOf(parsed.error) };
    if (shape !== null) this.#specs.set(text, parsed.data.spec);
    return { value: parsed.data.spec, problems: null };
  }

  server({ key, shape }: Key, server: ServerSpec): Checked<ServerSpec> {
    const { port } = server;
    const address = canonicalAddress(server.address);
    const isKnown = shape !== null && address !== null && this.#isPort(port);
    const text = isKnown ? `${shape} ${addressShape(address)} ${serverShape(key, server)}` : null;
    const known = text === null ? undefined : this.#servers.get(text);
    if (known && address !== null) {
      const { forward, weight, upperThreshold, lowerThreshold, tunnel } = known;
      return { value: { address, port, forward, weight, upperThreshold, lowerThreshold, tunnel }, problems: null };
    }
    const parsed = serverDefinitionSchema.safeParse({ service: key, server });
    if (!parsed.success) return { value: null, problems: problemsOf(parsed.error) };
    if (text !== null) this.#servers.set(text, parsed.data.server);
    return { value: parsed.data.server, problems: null };
  }

  #isPort(port: number): boolean {
    if (this.#ports.has(port)) return true;
    const { success } = portSchema.safeParse(port);
    if (success) this.#ports.add(port);
    return success;
  }
}

function serverShape(key: ServiceKey, server: ServerSpec): string {
  const { port, forward, weight, upperThreshold, lowerThreshold, tunnel } = server;
  const isServices = key.kind === "address" && key.port === port;
  const through = tunnel ? `${tunnel.type} ${tunnel.port} ${tunnel.checksum}` : "";
  return `${isServices} ${forward} ${weight} ${upperThreshold} ${lowerThreshold} ${through}`;
}

function canonicalAddress(text: string): string | null {
  return isQuad(text) || isCanonicalSix(text) ? text : (parseAddress(text)?.text ?? null);
}
