import { asCodedError } from "#domain/errors";
import type { LocalAddress } from "#domain/local-address";
import type { Doer } from "./actor.ts";
import type { Audit } from "./audit.ts";

export type LocalAddressVerb = "add-local-addresses" | "remove-local-addresses" | "flush-local-addresses";

/**
 * Does what changes a service's local addresses and writes it down as a change of the table: the service, the verb, the
 * addresses that were given, all that there were and all that are left, which no revision keeps; or a refusal's code.
 * Answers and rejects as `work` does.
 *
 * @param seen those that there are before; null where that cannot be told
 */
export async function auditedLocalAddresses(
  audit: Audit,
  doer: Doer,
  change: { row: string; verb: LocalAddressVerb; given: readonly string[]; seen: readonly LocalAddress[] | null },
  work: () => Promise<LocalAddress[]>,
): Promise<LocalAddress[]> {
  const { row, verb, given, seen } = change;
  const before = [{ row, ...(seen && { addresses: textsOf(seen) }) }];
  const line = { doer, action: "table-change", target: row, before } as const;
  const asked = { row, verb, given };
  try {
    const left = await work();
    await audit.write({ ...line, after: [{ ...asked, addresses: textsOf(left) }] });
    return left;
  } catch (error) {
    await audit.write({ ...line, after: [asked], outcome: asCodedError(error).code });
    throw error;
  }
}

const textsOf = (addresses: readonly LocalAddress[]) => addresses.map(({ address }) => address);
