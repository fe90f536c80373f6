import { serviceId } from "../service.ts";
import type { RulePlan } from "./plan.ts";
import type { TableState } from "./table-state.ts";

/** Each service once, only those that are there at the end, and none beside "all". */
export function zerosOf(asked: RulePlan["zeros"], state: TableState): RulePlan["zeros"] {
  const all = asked.find(({ service }) => service === null);
  if (all) return [all];
  const once = new Map(asked.map((each) => [each.service ? serviceId(each.service) : "", each]));
  return [...once].filter(([id]) => state.has(id)).map(([, each]) => each);
}
