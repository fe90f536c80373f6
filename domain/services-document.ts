import { z } from "zod";
import { observedServerSpecSchema } from "./real-server.ts";
import { observedServiceSpecSchema, serviceKeySchema } from "./service.ts";
import { serverStates, serviceStates } from "./state.ts";

/**
 * What scripts get of the table as JSON: `GET /api/v1/services` and `ipvs-console services --json`. Names and meanings
 * stay; names may be added, so that a reader passes over those it does not know.
 */

/** 64 bits as a decimal string: a JSON number would lose digits past 2^53. */
const counterSchema = z.string().regex(/^\d{1,20}$/);
/** per second, four significant digits; null is a gap: too little time to tell, or a counter that was zeroed */
const rateSchema = z.number().min(0).nullable();
const gaugeSchema = z.number().int().min(0);

/** What is counted and measured of a real server, a service or the whole table. */
const measuredSchema = z.object({
  /** since the row was added or zeroed */
  counters: z.object({
    connections: counterSchema,
    inPackets: counterSchema,
    outPackets: counterSchema,
    inBytes: counterSchema,
    outBytes: counterSchema,
  }),
  rates: z.object({
    connectionsPerSecond: rateSchema,
    inPacketsPerSecond: rateSchema,
    outPacketsPerSecond: rateSchema,
    inBytesPerSecond: rateSchema,
    outBytesPerSecond: rateSchema,
  }),
  /** connections that are there now; of a service and of the table the sum of their servers' */
  gauges: z.object({ active: gaugeSchema, inactive: gaugeSchema, persistent: gaugeSchema }),
});
export type Measured = z.infer<typeof measuredSchema>;

export const serverEntrySchema = measuredSchema.extend({
  /** `tcp:10.0.0.1:80>10.0.0.7:8080` */
  id: z.string(),
  state: z.enum(serverStates),
  spec: observedServerSpecSchema,
  /** the weight that it gets back when its drain ends; null when it was not drained here */
  drainedWeight: z.number().int().nullable(),
});
export type ServerEntry = z.infer<typeof serverEntrySchema>;

export const serviceEntrySchema = measuredSchema.extend({
  /** `tcp:10.0.0.1:80`, `udp:[2001:db8::1]:53`, `fwmark:7`, `fwmark6:7` */
  id: z.string(),
  key: serviceKeySchema,
  state: z.enum(serviceStates),
  spec: observedServiceSpecSchema,
  servers: z.array(serverEntrySchema),
});
export type ServiceEntry = z.infer<typeof serviceEntrySchema>;

export const servicesDocumentSchema = z.object({
  /** when the director took the sample, ISO 8601 in UTC */
  sampledAt: z.iso.datetime(),
  director: z
    .object({
      kind: z.enum(["kernel", "simulated"]),
      host: z.string(),
      /** uname -r */
      kernel: z.string(),
      /** of IPVS, "1.2.1" */
      version: z.string(),
      connectionTableSize: z.number().int(),
    })
    .optional(),
  /** the kernel's own totals: they keep what removed services counted */
  totals: measuredSchema,
  /** in order of names, 10.0.0.9 before 10.0.0.10, and so are their servers */
  services: z.array(serviceEntrySchema),
});
export type ServicesDocument = z.infer<typeof servicesDocumentSchema>;
