import { isRowChange } from "#domain/change";
import type { PlannedLine } from "#domain/rules-exchange";
import { type ServiceKey, serviceId } from "#domain/service";

/** Planned changes of one service; `service` null: of the director as a whole. */
export interface PlannedGroup {
  /** serviceId(), empty for the director as a whole */
  id: string;
  service: ServiceKey | null;
  lines: PlannedLine[];
}

/** Changes under the service they are about, services in the order of their first change. */
export function plannedGroups(lines: readonly PlannedLine[]): PlannedGroup[] {
  const groups = new Map<string, PlannedGroup>();
  for (const line of lines) {
    const { change } = line;
    const service = isRowChange(change) || change.verb === "zero" ? change.service : null;
    const id = service ? serviceId(service) : "";
    const group = groups.get(id);
    if (group) group.lines.push(line);
    else groups.set(id, { id, service, lines: [line] });
  }
  return [...groups.values()];
}

/** The first `most` changes with the groups that they stand in. */
export function firstOf(groups: readonly PlannedGroup[], most: number): PlannedGroup[] {
  const shown: PlannedGroup[] = [];
  let left = most;
  for (const group of groups) {
    if (left <= 0) break;
    shown.push({ ...group, lines: group.lines.slice(0, left) });
    left -= group.lines.length;
  }
  return shown;
}
