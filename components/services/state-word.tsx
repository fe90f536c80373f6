"use client";
import { Circle, CircleAlert, CircleArrowDown, CircleDashed, CircleOff, CircleX } from "lucide-react";
import { useTranslations } from "next-intl";
import { useCallback, useSyncExternalStore } from "react";
import { useLive } from "#components/live/live-provider";
import type { ObservedServerSpec } from "#domain/real-server";
import { type ServerState, type ServiceState, serverState, serviceState } from "#domain/state";
import { classNames } from "../ui/class-names.ts";

const looks = {
  up: { icon: Circle, colour: "text-up" },
  degraded: { icon: CircleAlert, colour: "text-changing" },
  down: { icon: CircleX, colour: "text-failed" },
  empty: { icon: CircleDashed, colour: "text-off" },
  draining: { icon: CircleArrowDown, colour: "text-draining" },
  off: { icon: CircleOff, colour: "text-off" },
  full: { icon: CircleAlert, colour: "text-changing" },
} as const satisfies Record<ServerState | ServiceState, unknown>;

/** How a row stands: a shape and a word, the colour only repeats them. */
export function StateWord({ state, counts }: { state: ServerState | ServiceState; counts?: string }) {
  const t = useTranslations("list");
  const { icon: Icon, colour } = looks[state];
  return (
    <span className={classNames("inline-flex min-w-0 items-center gap-1.5", colour)}>
      <Icon className={classNames("size-3.5 shrink-0", state === "up" && "scale-75 fill-current")} aria-hidden="true" />
      <span className="truncate">{t(`states.${state}`)}</span>
      {counts && <span className="text-muted tabular-nums">{counts}</span>}
    </span>
  );
}

/** A real server's state, which moves with its connections. */
export function ServerStateWord({ slot, spec }: { slot: number; spec: ObservedServerSpec }) {
  const { store } = useLive();
  const subscribe = useCallback((listener: () => void) => store.onRow(slot, listener), [store, slot]);
  const now = () => {
    const values = store.values(slot);
    return serverState(spec, { active: values?.[6] ?? 0, inactive: values?.[7] ?? 0 });
  };
  return <StateWord state={useSyncExternalStore(subscribe, now, now)} />;
}

export function ServiceStateWord({ servers, usable }: { servers: number; usable: number }) {
  return (
    <StateWord state={serviceState(servers, usable)} {...(servers > 0 ? { counts: `${usable}/${servers}` } : {})} />
  );
}
