import { DirectorError } from "#domain/errors";
import { type LocalAddress, localAddressesSchema } from "#domain/local-address";
import { type ServiceKey, serviceKeySchema } from "#domain/service";
import { toDirectorError } from "./faults.ts";
import type { Ipvs } from "./ipvs.ts";
import { readService } from "./read-host.ts";
import { asked, valid } from "./valid.ts";
import type { WriterLock } from "./writer-lock.ts";

type What = "add" | "remove";

/**
 * The local addresses of services on a FULLNAT kernel; on any other every call is NOT_SUPPORTED. Several are added or removed
 * all or none. They are no part of rule text, which has no word for them, and so of no revision.
 */
export class LocalAddresses {
  readonly #ipvs: Ipvs;
  readonly #lock: WriterLock;

  constructor(ipvs: Ipvs, lock: WriterLock) {
    this.#ipvs = ipvs;
    this.#lock = lock;
  }

  async list(service: ServiceKey): Promise<LocalAddress[]> {
    return this.#list(valid(serviceKeySchema, service));
  }

  async add(service: ServiceKey, addresses: readonly string[]): Promise<LocalAddress[]> {
    const checked = valid(localAddressesSchema, { service, addresses });
    return this.#lock.run(async () => {
      const there = new Set((await this.#list(checked.service)).map(({ address }) => address));
      const known = checked.addresses.find((address) => there.has(address));
      if (known !== undefined) throw new DirectorError("LOCAL_ADDRESS_EXISTS", { params: { address: known } });
      await this.#allOrNone("add", checked.service, checked.addresses);
      return this.#list(checked.service);
    });
  }

  async remove(service: ServiceKey, addresses: readonly string[]): Promise<LocalAddress[]> {
    const checked = valid(localAddressesSchema, { service, addresses });
    return this.#lock.run(async () => {
      const there = new Set((await this.#list(checked.service)).map(({ address }) => address));
      const missing = checked.addresses.find((address) => !there.has(address));
      if (missing !== undefined) throw new DirectorError("NO_SUCH_LOCAL_ADDRESS", { params: { address: missing } });
      await this.#allOrNone("remove", checked.service, checked.addresses);
      return this.#list(checked.service);
    });
  }

  async flush(service: ServiceKey): Promise<LocalAddress[]> {
    const key = valid(serviceKeySchema, service);
    return this.#lock.run(async () => {
      const there = await this.#list(key);
      const addresses = there.map(({ address }) => address);
      // One that goes by itself meanwhile was to go.
      await this.#allOrNone("remove", key, addresses, "NO_SUCH_LOCAL_ADDRESS");
      return this.#list(key);
    });
  }

  async #list(service: ServiceKey): Promise<LocalAddress[]> {
    if (!(await asked("local-addresses", this.#ipvs.knowsLocalAddresses()))) throw new DirectorError("NOT_SUPPORTED");
    // The kernel answers for a service that is not there with an empty list.
    if ((await asked("service", readService(this.#ipvs, service))) === null) throw new DirectorError("NO_SUCH_SERVICE");
    return asked("local-addresses", this.#ipvs.localAddresses(service));
  }

  /** One request each: there is no other way. When one is refused, those before it are taken back. */
  async #allOrNone(what: What, service: ServiceKey, addresses: readonly string[], harmless?: string): Promise<void> {
    for (const [index, address] of addresses.entries()) {
      try {
        await this.#one(what, service, address);
      } catch (thrown) {
        const refusal = toDirectorError(thrown, `${what}-local-address`);
        if (refusal.code === harmless) continue;
        const left = await this.#takeBack(what, service, addresses.slice(0, index + 1));
        if (left.length > 0) {
          const params = { detail: left.join(", "), left: left.length, refusal: refusal.code };
          throw new DirectorError("ROLLBACK_FAILED", { params }, thrown);
        }
        throw new DirectorError(refusal.code, { params: { ...refusal.shape.params, address } }, thrown);
      }
    }
  }

  /**
   * Puts back what was tried. What is there says what was done, not what was answered: an answer may have been lost.
   * Answers the addresses that are not as they were found; none when the one that failed was the first and nothing can be read.
   */
  async #takeBack(what: What, service: ServiceKey, tried: readonly string[]): Promise<string[]> {
    const left: string[] = [];
    try {
      const there = new Set((await this.#list(service)).map(({ address }) => address));
      for (const address of tried.filter((each) => there.has(each) === (what === "add"))) {
        await this.#one(what === "add" ? "remove" : "add", service, address).catch(() => left.push(address));
      }
      return left;
    } catch {
      return tried.slice(0, -1);
    }
  }

  #one(what: What, service: ServiceKey, address: string): Promise<void> {
    return what === "add"
      ? this.#ipvs.addLocalAddress(service, address)
      : this.#ipvs.removeLocalAddress(service, address);
  }
}
