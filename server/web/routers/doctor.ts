import { z } from "zod";
import { forViewer, router } from "../access.ts";

/** What is wrong with the director's host. */
export const doctorRouter = router({
  report: forViewer.input(z.undefined()).query(({ ctx }) => ctx.director.doctor()),
});
