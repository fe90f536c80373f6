import { type SchedulerFlag, schedulerFlags } from "../service.ts";
import type { Remarks } from "./problem.ts";
import type { Given } from "./scan.ts";
import { type Meter, spanOf } from "./tokens.ts";

const flagOf: Record<string, { flag: SchedulerFlag; scheduler: string | null }> = {
  "flag-1": { flag: "flag-1", scheduler: null },
  "flag-2": { flag: "flag-2", scheduler: null },
  "flag-3": { flag: "flag-3", scheduler: null },
  "sh-fallback": { flag: "flag-1", scheduler: "sh" },
  "sh-port": { flag: "flag-2", scheduler: "sh" },
  "mh-fallback": { flag: "flag-1", scheduler: "mh" },
  "mh-port": { flag: "flag-2", scheduler: "mh" },
};

/** The flags behind -b, in the order of their bits. Empty items are skipped, as strtok(3) does; nothing but commas ends ipvsadm. */
export function parseSchedulerFlags(given: Given, scheduler: string, remarks: Remarks, meter: Meter): SchedulerFlag[] {
  const { value, written } = given;
  if (!value) return [];
  meter.steps += value.text.length;
  if (value.text === "") remarks.warn("VALUE_EMPTY", given, { option: written });
  const names = value.text.split(",").filter((name) => name !== "");
  if (names.length === 0 && value.text !== "") remarks.refuse("FLAGS_CRASH", spanOf(value), { text: value.text });
  return flagsNamed(names, scheduler, (code, text) => remarks.refuse(code, spanOf(value), { text, scheduler }));
}

/** The flags of these names; what is none, or another scheduler's, is told, each once. */
export function flagsNamed(
  names: readonly string[],
  scheduler: string,
  refuse: (code: "SCHEDULER_FLAG_UNKNOWN" | "FLAG_OF_OTHER_SCHEDULER", text: string) => void,
): SchedulerFlag[] {
  const found = new Set<SchedulerFlag>();
  for (const name of new Set(names)) {
    const known = Object.hasOwn(flagOf, name) ? flagOf[name] : undefined;
    if (!known) refuse("SCHEDULER_FLAG_UNKNOWN", name);
    else if (known.scheduler !== null && known.scheduler !== scheduler) refuse("FLAG_OF_OTHER_SCHEDULER", name);
    else found.add(known.flag);
  }
  return schedulerFlags.filter((flag) => found.has(flag));
}
