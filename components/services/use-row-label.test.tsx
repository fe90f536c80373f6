import { renderHook } from "@testing-library/react";
import { NextIntlClientProvider } from "next-intl";
import type { ReactNode } from "react";
import { expect, test } from "vitest";
import { parseServiceId, serviceId } from "#domain/service";
import type { TableRow } from "#domain/table";
import messages from "../../messages/en.json" with { type: "json" };
import { useRowLabel } from "./use-row-label.ts";

function label(row: TableRow): string {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <NextIntlClientProvider locale="en" messages={messages}>
      {children}
    </NextIntlClientProvider>
  );
  return renderHook(() => useRowLabel(), { wrapper }).result.current(row);
}

function service(id: string): TableRow {
  const key = parseServiceId(id);
  if (!key) throw new Error(`no service id: ${id}`);
  const spec = { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
  return { kind: "service", id: serviceId(key), key, spec };
}

test("no two services have one name: an address for each protocol, a mark for each family", () => {
  const ids = [
    "tcp:10.0.0.1:53",
    "udp:10.0.0.1:53",
    "sctp:10.0.0.1:53",
    "udp:[2001:db8::1]:53",
    "fwmark:7",
    "fwmark6:7",
  ];
  expect(ids.map((id) => label(service(id)))).toEqual([
    "TCP 10.0.0.1:53",
    "UDP 10.0.0.1:53",
    "SCTP 10.0.0.1:53",
    "UDP [2001:db8::1]:53",
    "Mark 7 (IPv4)",
    "Mark 7 (IPv6)",
  ]);
});
