import { z } from "zod";
import { addressSchema } from "#domain/address";
import { connectionQuerySchema } from "#domain/connection";
import { maxNamesAtOnce } from "#domain/connection-query";
import { forViewer, router } from "../access.ts";

const readNameSchema = z.string().max(100);

/** The connection table. It is read because a page asks, never by itself. */
export const connectionsRouter = router({
  page: forViewer
    .input(connectionQuerySchema)
    .query(({ ctx, input, signal }) => ctx.director.connections(input, signal)),
  progress: forViewer.input(readNameSchema).query(({ ctx, input }) => ctx.director.connectionsProgress(input)),
  /** Ends one's own asking, or a read that nobody else waits for: no change to the table, so viewers may. */
  cancel: forViewer.input(readNameSchema).mutation(({ ctx, input }) => ctx.director.cancelConnections(input)),
  /** Host names by address; null for those that have none, or whose server did not answer in time. */
  names: forViewer
    .input(z.array(addressSchema).max(maxNamesAtOnce))
    .query(({ ctx, input }) => ctx.hostNames.lookUp(input)),
});
