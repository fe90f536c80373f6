import { auditQuerySchema } from "#domain/audit";
import { forAdmin, router } from "../access.ts";

/** Who did what, for admins. The same as CSV is GET /audit.csv. */
export const auditRouter = router({
  page: forAdmin.input(auditQuerySchema).query(({ ctx, input }) => ctx.people.audit.page(input)),
});
