import { asCodedError } from "#domain/errors";
import type { LocalAddress } from "#domain/local-address";
import type { Doer } from "./actor.ts";
import type { Audit } from "./audit.ts";

export type LocalAddressVerb = "add-local-addresses" | "remove-local-addresses" | "flush-local-addresses";

/**
 * Does what changes a service's local addresses and writes it down as a change of the table: the service, the verb, the
 * addresses that were given, and a refusal's code. Answers and rejects as `work` does.
 */
export async function auditedLocalAddresses(
  audit: Audit,
  doer: Doer,
  change: { row: string; verb: LocalAddressVerb; addresses: readonly string[] },
  work: () => Promise<LocalAddress[]>,
): Promise<LocalAddress[]> {
  const { row, verb, addresses } = change;
  const line = {
    doer,
    action: "table-change",
    target: row,
    before: [{ row }],
    after: [{ row, verb, addresses }],
  } as const;
  try {
    const left = await work();
    await audit.write(line);
    return left;
  } catch (error) {
    await audit.write({ ...line, outcome: asCodedError(error).code });
    throw error;
  }
}
