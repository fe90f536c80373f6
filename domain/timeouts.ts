import { z } from "zod";
import { whole } from "./numbers.ts";

/** 31 days, ipvsadm's MAX_TIMEOUT. Kernels whose clock ticks 1000 times a second take 2,147,483 at most and say so. */
export const maxTimeoutS = 2_678_400;

/** Seconds until a silent connection is forgotten: TCP established, TCP after a FIN, UDP. 0 keeps what is set. */
export const timeoutsSchema = z.object({
  tcpS: whole(0, maxTimeoutS),
  tcpFinS: whole(0, maxTimeoutS),
  udpS: whole(0, maxTimeoutS),
});
export type Timeouts = z.infer<typeof timeoutsSchema>;
