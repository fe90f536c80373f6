import { cleanup, render, screen } from "@testing-library/react";
import { NextIntlClientProvider, useTranslations } from "next-intl";
import { afterEach, expect, test } from "vitest";
import messages from "../../messages/en.json" with { type: "json" };
import { serviceRecord } from "../changes/changes-harness.tsx";
import { NameCell } from "./name-cell.tsx";

afterEach(cleanup);

const service = serviceRecord({ kind: "address", protocol: "tcp", address: "192.0.2.10", port: 80 });
const actions = { select: () => {}, fold: () => {} };

function Cell({ selectable }: { selectable: boolean }) {
  const t = useTranslations("list");
  const look = { t, label: () => "TCP 192.0.2.10:80", actions, linked: true, selectable };
  return (
    <NameCell
      described={{ slot: 0, row: service, drainedWeight: null, servers: 2 }}
      selected={false}
      open
      look={look}
    />
  );
}

test("a row has a box only where something can be done with what is selected", () => {
  for (const selectable of [true, false]) {
    const { unmount } = render(
      <NextIntlClientProvider locale="en" messages={messages} timeZone="UTC">
        <Cell selectable={selectable} />
      </NextIntlClientProvider>,
    );
    expect(screen.queryAllByRole("checkbox")).toHaveLength(selectable ? 1 : 0);
    expect(screen.getByRole("button", { name: "Real servers of TCP 192.0.2.10:80" })).toBeTruthy();
    unmount();
  }
});
