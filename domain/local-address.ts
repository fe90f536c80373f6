import { z } from "zod";
import { addressClass, addressSchema, familyOf } from "./address.ts";
import { report, sound, spanning } from "./problem.ts";
import { serviceFamily, serviceKeySchema } from "./service.ts";

/**
 * One of the director's own addresses that a FULLNAT kernel puts in the client's place, with what it counts for it.
 * Such kernels are patched ones (Alibaba's LVS and its kin); mainline Linux has neither the method nor the addresses.
 */
export interface LocalAddress {
  address: string;
  /** how often no free port was found at the first try; a decimal string, as all 64-bit counters are */
  portConflicts: string;
  /** connections that leave from it now */
  connections: number;
}

/** Addresses in one call: a service rarely has more than a handful, and each is a request of its own to the kernel. */
export const maxLocalAddresses = 256;

/**
 * Local addresses of a service to add or to remove, canonical after parsing. They are of the service's own family,
 * since the kernel takes the family from the service. Problems: those of an address, LOCAL_ADDRESS_NOT_UNICAST,
 * LOCAL_ADDRESS_OTHER_FAMILY, GIVEN_TWICE, TOO_MANY.
 */
export const localAddressesSchema = z
  .object({ service: serviceKeySchema, addresses: z.array(addressSchema).min(1) })
  .superRefine(({ service, addresses }, ctx) => {
    if (!sound(ctx, "addresses")) return;
    if (addresses.length > maxLocalAddresses) {
      report(ctx, "TOO_MANY", { count: addresses.length, max: maxLocalAddresses }, ["addresses"]);
      return;
    }
    const familySound = sound(ctx, "service.kind", "service.family", "service.address");
    addresses.forEach((address, index) => {
      const at = ["addresses", index];
      if (!sound(ctx, `addresses.${index}`)) return;
      if (addressClass(address) !== "unicast") report(ctx, "LOCAL_ADDRESS_NOT_UNICAST", { text: address }, at);
      else if (familySound && familyOf(address) !== serviceFamily(service))
        report(ctx, "LOCAL_ADDRESS_OTHER_FAMILY", { text: address, family: serviceFamily(service) }, at);
      if (addresses.indexOf(address) < index) report(ctx, "GIVEN_TWICE", { text: address }, at);
    });
  }, spanning);
export type LocalAddresses = z.infer<typeof localAddressesSchema>;
