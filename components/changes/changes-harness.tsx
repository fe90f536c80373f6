import { NextIntlClientProvider } from "next-intl";
import type { ReactNode } from "react";
import { vi } from "vitest";
import { MeProvider } from "#components/session/me";
import { ApiProvider } from "#components/trpc";
import type { Change } from "#domain/change";
import type { ErrorShape } from "#domain/errors";
import { type ObservedServerSpec, serverId } from "#domain/real-server";
import type { Role } from "#domain/roles";
import { type ObservedServiceSpec, type ServiceKey, serviceId } from "#domain/service";
import type { ServerRecord, ServiceRecord } from "#domain/table";
import messages from "../../messages/en.json" with { type: "json" };
import { meAs } from "../session/me-fixture.ts";
import { ChangesProvider } from "./changes-provider.tsx";

const counters = { connections: "0", inPackets: "0", outPackets: "0", inBytes: "0", outBytes: "0" };

export function serverRecord(
  key: ServiceKey,
  spec: Partial<ObservedServerSpec> & { address: string },
  moving: { active?: number; drainedWeight?: number | null } = {},
): ServerRecord {
  const whole: ObservedServerSpec = {
    port: 80,
    forward: "nat",
    weight: 5,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: null,
    ...spec,
  };
  return {
    kind: "server",
    id: serverId(key, whole),
    serviceId: serviceId(key),
    spec: whole,
    counters,
    gauges: { active: moving.active ?? 0, inactive: 0, persistent: 0 },
    drainedWeight: moving.drainedWeight ?? null,
  };
}

export function serviceRecord(
  key: ServiceKey,
  servers: ServerRecord[] = [],
  spec: Partial<ObservedServiceSpec> = {},
): ServiceRecord {
  return {
    kind: "service",
    id: serviceId(key),
    key,
    spec: { scheduler: "wlc", schedulerFlags: [], persistence: null, onePacket: false, engine: null, ...spec },
    counters,
    gauges: { active: servers.reduce((sum, { gauges }) => sum + gauges.active, 0), inactive: 0, persistent: 0 },
    servers,
  };
}

/** What the server is asked and answers, at the level of HTTP: every batch of changes that was sent, and the table that is read. */
export class FakeServer {
  readonly sent: Change[][] = [];
  table: ServiceRecord[] = [];
  /** whether the director's kernel has full NAT */
  fullnat = false;
  /** answers in order; an empty list answers yes */
  readonly refusals: ErrorShape[] = [];

  #service: ServiceRecord | null = null;

  /** What changes of services leave behind. */
  answerWith(service: ServiceRecord): void {
    this.#service = service;
  }

  install(): void {
    vi.stubGlobal("fetch", async (url: string, options?: { method?: string; body?: string }) => {
      const at = new URL(String(url), "http://localhost");
      const names = at.pathname.replace("/api/trpc/", "").split(",");
      const inputs = JSON.parse(options?.body ?? at.searchParams.get("input") ?? "{}") as Record<string, never>;
      const answers = names.map((name, index) => this.#answer(name, inputs[String(index)]));
      return new Response(JSON.stringify(answers), { headers: { "content-type": "application/json" } });
    });
  }

  #answer(name: string, input: { id: string; changes: Change[] } | undefined): unknown {
    if (name === "table.service") {
      const record = this.table.find(({ id }) => id === input?.id);
      return record ? { result: { data: record } } : refusal({ code: "NO_SUCH_SERVICE", params: {} });
    }
    if (name === "director.status") return { result: { data: { kind: "kernel", fullnat: this.fullnat } } };
    const changes = input?.changes ?? [];
    this.sent.push(changes);
    const refused = this.refusals.shift();
    if (refused) return refusal(refused);
    return { result: { data: changes.map((change) => this.#resultOf(change)) } };
  }

  #resultOf(change: Change): unknown {
    if ("server" in change) return { kind: "server", record: this.#recordOf(change) };
    return { kind: "service", record: change.verb === "remove-service" ? null : this.#service };
  }

  #recordOf(change: Change): ServerRecord | null {
    if (!("server" in change) || change.verb === "remove-server") return null;
    const id = serverId(change.service, change.server);
    return this.table.flatMap(({ servers }) => servers).find((server) => server.id === id) ?? null;
  }
}

function refusal(refusal: ErrorShape): unknown {
  return { error: { message: "refused", code: -32_000, data: { code: "CONFLICT", httpStatus: 409, refusal } } };
}

/** A page around a part that changes the table, shown to an operator unless said otherwise. */
export function Page({ shownTo = "operator", children }: { shownTo?: Role; children: ReactNode }) {
  return (
    <NextIntlClientProvider locale="en" messages={messages} timeZone="UTC">
      <MeProvider me={meAs(shownTo)}>
        <ApiProvider>
          <ChangesProvider>{children}</ChangesProvider>
        </ApiProvider>
      </MeProvider>
    </NextIntlClientProvider>
  );
}
