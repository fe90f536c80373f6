import { z } from "zod";
import { report } from "./problem.ts";
import { observedServerSpecSchema, serverDefinitionSchema, serverKeySchema, weightSchema } from "./real-server.ts";
import { observedServiceSpecSchema, serviceDefinitionSchema, serviceKeySchema } from "./service.ts";
import { isSoundChange } from "./sound-change.ts";
import { syncDaemonSchema, syncRoleSchema } from "./sync-daemon.ts";
import { timeoutsSchema } from "./timeouts.ts";

/**
 * One change to the table. `expected` is the record as the person saw it: when the table says
 * otherwise under the writer lock, nothing is written and the answer is CONFLICT.
 */
const plainChangeSchema = z.discriminatedUnion("verb", [
  z.object({
    verb: z.literal("remove-service"),
    service: serviceKeySchema,
    expected: observedServiceSpecSchema.optional(),
  }),
  z.object({
    verb: z.literal("remove-server"),
    service: serviceKeySchema,
    server: serverKeySchema,
    expected: observedServerSpecSchema.optional(),
  }),
  z.object({
    verb: z.literal("set-weight"),
    service: serviceKeySchema,
    server: serverKeySchema,
    weight: weightSchema,
    expected: observedServerSpecSchema.optional(),
  }),
  /** weight 0, and remember the weight it had */
  z.object({
    verb: z.literal("drain-server"),
    service: serviceKeySchema,
    server: serverKeySchema,
    expected: observedServerSpecSchema.optional(),
  }),
  /** the weight it had before it was drained */
  z.object({
    verb: z.literal("restore-server"),
    service: serviceKeySchema,
    server: serverKeySchema,
    expected: observedServerSpecSchema.optional(),
  }),
  /** counters and rates to 0, of one service and its servers or of all; done last of a batch, since nothing undoes it */
  z.object({ verb: z.literal("zero"), service: serviceKeySchema.nullable() }),
  /** every service goes */
  z.object({ verb: z.literal("clear") }),
  z.object({ verb: z.literal("set-timeouts"), timeouts: timeoutsSchema, expected: timeoutsSchema.optional() }),
  z.object({ verb: z.literal("start-daemon"), daemon: syncDaemonSchema }),
  z.object({ verb: z.literal("stop-daemon"), role: syncRoleSchema }),
]);

const definingVerbs = {
  "add-service": serviceDefinitionSchema,
  "edit-service": serviceDefinitionSchema,
  "add-server": serverDefinitionSchema,
  "edit-server": serverDefinitionSchema,
} as const;

type PlainChange = z.infer<typeof plainChangeSchema>;
type ServiceDefinition = z.infer<typeof serviceDefinitionSchema>;
type ServerDefinition = z.infer<typeof serverDefinitionSchema>;
export type Change =
  | PlainChange
  | ({ verb: "add-service" } & ServiceDefinition)
  | ({ verb: "edit-service"; expected?: z.infer<typeof observedServiceSpecSchema> | undefined } & ServiceDefinition)
  | ({ verb: "add-server" } & ServerDefinition)
  | ({ verb: "edit-server"; expected?: z.infer<typeof observedServerSpecSchema> | undefined } & ServerDefinition);
export type Verb = Change["verb"];

/** A change of the whole host, or of counters, which are no part of a row's settings. */
export type HostChange = Extract<Change, { verb: "zero" | "clear" | "set-timeouts" | "start-daemon" | "stop-daemon" }>;
/** A change of one service or one real server. */
export type RowChange = Exclude<Change, HostChange>;

const hostVerbs: readonly string[] = ["zero", "clear", "set-timeouts", "start-daemon", "stop-daemon"];
export function isRowChange(change: Change): change is RowChange {
  return !hostVerbs.includes(change.verb);
}

/** What takes more than an operator: these go beyond rows that a person has looked at. */
export const verbsForAdmin: readonly Verb[] = ["clear", "start-daemon", "stop-daemon"];

/** Any change, parsed to its canonical form; what is wrong is reported at its path. */
export const changeSchema = z.unknown().transform((value, ctx): Change => {
  const verb = (value as { verb?: unknown } | null)?.verb;
  const expectedSchema = verb === "edit-server" ? observedServerSpecSchema : observedServiceSpecSchema;
  const schema =
    typeof verb === "string" && verb in definingVerbs ? definingVerbs[verb as keyof typeof definingVerbs] : null;
  const parsed = schema ? schema.safeParse(value) : plainChangeSchema.safeParse(value);
  if (!parsed.success) {
    ctx.issues.push(...(parsed.error.issues as typeof ctx.issues));
    return z.NEVER;
  }
  if (!schema) return parsed.data as Change;
  const expected = (value as { expected?: unknown }).expected;
  if (expected === undefined || verb === "add-service" || verb === "add-server")
    return { verb, ...parsed.data } as Change;
  const seen = expectedSchema.safeParse(expected);
  if (!seen.success) return report(ctx, "WRONG_SHAPE", {}, ["expected"]);
  return { verb, ...parsed.data, expected: seen.data } as Change;
});

export const maxChanges = 100_000;

/** As many changes as one batch takes, whatever they are. Problem of a longer one: TOO_MANY; of an empty one: WRONG_SHAPE. */
export const batchSchema = z
  .array(z.unknown())
  .min(1)
  .superRefine((changes, ctx) => {
    if (changes.length > maxChanges) report(ctx, "TOO_MANY", { count: changes.length, max: maxChanges });
  });

const looked = batchSchema.pipe(z.array(changeSchema));

/**
 * A batch is validated whole before the first write, and done whole or not at all. One that is too long is not looked into.
 * Answers the very array that was given when there is nothing in it to make canonical.
 */
export const changesSchema: z.ZodType<Change[], unknown[]> = z
  .custom<unknown[]>(() => true)
  .transform((changes, ctx) => {
    if (isSoundBatch(changes)) return changes;
    const parsed = looked.safeParse(changes);
    if (parsed.success) return parsed.data;
    ctx.issues.push(...(parsed.error.issues as typeof ctx.issues));
    return z.NEVER;
  });

function isSoundBatch(changes: unknown): changes is Change[] {
  if (!Array.isArray(changes) || changes.length === 0 || changes.length > maxChanges) return false;
  // A hole is no change either, and every() would pass it over.
  for (let at = 0; at < changes.length; at++) if (!isSoundChange(changes[at])) return false;
  return true;
}

/** Changes of rows only: what an operator's pages send. */
export const rowChangesSchema = changesSchema.transform((changes, ctx) =>
  changes.flatMap((change, index): RowChange[] => {
    if (isRowChange(change)) return [change];
    report(ctx, "WRONG_SHAPE", {}, [index, "verb"]);
    return [];
  }),
);
