import { z } from "zod";
import { DirectorError } from "#domain/errors";
import { maxLocalAddresses } from "#domain/local-address";
import { parseServiceId, type ServiceKey, serviceId } from "#domain/service";
import { forOperator, forViewer, router } from "../access.ts";
import type { WebContext } from "../context.ts";
import { despiteManagers } from "../other-managers.ts";
import { type Actor, doerOf } from "../people/actor.ts";
import { auditedLocalAddresses, type LocalAddressVerb } from "../people/local-address-change.ts";
import { serviceIdSchema } from "./table.ts";

const serviceSchema = z.object({ id: serviceIdSchema });
/** What an address may be is the director's to say, at its place in the list. */
const someSchema = serviceSchema.extend({ addresses: z.array(z.string().max(100)).max(4 * maxLocalAddresses) });

function keyOf(id: string): ServiceKey {
  const key = parseServiceId(id);
  if (!key) throw new DirectorError("NO_SUCH_SERVICE", { params: { service: id } });
  return key;
}

async function audited(
  { people, director, actor, from }: WebContext & { actor: Extract<Actor, { kind: "user" }> },
  verb: LocalAddressVerb,
  key: ServiceKey,
  given: readonly string[],
  work: Parameters<typeof auditedLocalAddresses>[3],
) {
  const seen = await director.localAddresses(key).catch(() => null);
  return auditedLocalAddresses(
    people.audit,
    doerOf(actor, from),
    { row: serviceId(key), verb, given, seen },
    async () => {
      await despiteManagers(director, actor);
      return work();
    },
  );
}

/** The addresses that FULLNAT connections of a service leave from; NOT_SUPPORTED on any other kernel. */
export const localAddressesRouter = router({
  list: forViewer.input(serviceSchema).query(({ ctx, input }) => ctx.director.localAddresses(keyOf(input.id))),

  add: forOperator.input(someSchema).mutation(({ ctx, input: { id, addresses } }) => {
    const key = keyOf(id);
    const work = () => ctx.director.addLocalAddresses(key, addresses);
    return audited(ctx, "add-local-addresses", key, addresses, work);
  }),

  remove: forOperator.input(someSchema).mutation(({ ctx, input: { id, addresses } }) => {
    const key = keyOf(id);
    const work = () => ctx.director.removeLocalAddresses(key, addresses);
    return audited(ctx, "remove-local-addresses", key, addresses, work);
  }),

  flush: forOperator.input(serviceSchema).mutation(({ ctx, input }) => {
    const key = keyOf(input.id);
    return audited(ctx, "flush-local-addresses", key, [], () => ctx.director.flushLocalAddresses(key));
  }),
});
