import { useSyncExternalStore } from "react";
import { type TrafficUnit, trafficUnits } from "#domain/units";

const storageKey = "traffic-unit";
const listeners = new Set<() => void>();
/** What this tab chose when nothing can be stored, as in a private window. */
let unstored: TrafficUnit | null = null;

function read(): TrafficUnit {
  try {
    const stored = localStorage.getItem(storageKey);
    return trafficUnits.find((unit) => unit === stored) ?? unstored ?? "bits";
  } catch {
    return unstored ?? "bits";
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // Another tab chose: `storage` is fired in all tabs but that one.
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

/** How traffic is shown in this browser: bits until someone chooses bytes, kept across pages, tabs and visits. */
export function useTrafficUnit(): TrafficUnit {
  return useSyncExternalStore(subscribe, read, () => "bits" as const);
}

export function setTrafficUnit(unit: TrafficUnit): void {
  unstored = unit;
  try {
    localStorage.setItem(storageKey, unit);
  } catch {
    // Storage may be full or forbidden: this tab remembers.
  }
  for (const listener of listeners) listener();
}
