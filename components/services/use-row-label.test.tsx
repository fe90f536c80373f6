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

test("one mark of both families has two names; addresses are called as their cells say", () => {
  expect(label(service("fwmark:7"))).toBe("Mark 7 (IPv4)");
  expect(label(service("fwmark6:7"))).toBe("Mark 7 (IPv6)");
  expect(label(service("udp:[2001:db8::1]:53"))).toBe("[2001:db8::1]:53");
});
