import { router } from "./access.ts";
import { accountRouter } from "./routers/account.ts";
import { auditRouter } from "./routers/audit.ts";
import { connectionsRouter } from "./routers/connections.ts";
import { directorRouter } from "./routers/director.ts";
import { doctorRouter } from "./routers/doctor.ts";
import { liveRouter } from "./routers/live.ts";
import { localAddressesRouter } from "./routers/local-addresses.ts";
import { managersRouter } from "./routers/managers.ts";
import { peopleRouter } from "./routers/people.ts";
import { rulesRouter } from "./routers/rules.ts";
import { sessionRouter } from "./routers/session.ts";
import { tableRouter } from "./routers/table.ts";
import { tokensRouter } from "./routers/tokens.ts";

/** Everything that pages may ask web, each procedure with the access it needs. */
export const appRouter = router({
  session: sessionRouter,
  account: accountRouter,
  people: peopleRouter,
  tokens: tokensRouter,
  audit: auditRouter,
  director: directorRouter,
  managers: managersRouter,
  table: tableRouter,
  localAddresses: localAddressesRouter,
  rules: rulesRouter,
  doctor: doctorRouter,
  connections: connectionsRouter,
  live: liveRouter,
});

export type AppRouter = typeof appRouter;
