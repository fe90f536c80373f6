import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { NextIntlClientProvider } from "next-intl";
import { useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import messages from "../../messages/en.json" with { type: "json" };
import { PatternField, settleMs } from "./pattern-field.tsx";
import { isPattern } from "./use-connection-query.ts";

const taken = vi.fn<(value: string) => void>();

function Harness({ from }: { from: string }) {
  const [value, setValue] = useState(from);
  const take = (text: string) => {
    taken(text);
    setValue(text);
  };
  return (
    <NextIntlClientProvider locale="en" messages={messages} timeZone="UTC">
      <PatternField
        label="Search"
        value={value}
        misread={value.trim() !== "" && !isPattern(value)}
        onChange={take}
        search
      />
      <button type="button" onClick={() => setValue("")}>
        Clear
      </button>
    </NextIntlClientProvider>
  );
}

let field: HTMLInputElement;
const show = (from = "") => {
  render(<Harness from={from} />);
  field = screen.getByRole("searchbox", { name: "Search" });
};
const type = (value: string) => fireEvent.change(field, { target: { value } });
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

beforeEach(() => {
  vi.useFakeTimers();
  taken.mockReset();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

test("what is typed is taken once the typing stops, at Enter, and where the field is left", async () => {
  show();
  type("10.0.0.1");
  await pass(settleMs - 1);
  type("10.0.0.12");
  await pass(settleMs - 1);
  expect(taken).not.toHaveBeenCalled();
  await pass(1);
  expect(taken.mock.calls).toEqual([["10.0.0.12"]]);
  type(":443");
  fireEvent.keyDown(field, { key: "Enter" });
  expect(taken).toHaveBeenLastCalledWith(":443");
  type("10.0.0.0/8");
  fireEvent.blur(field);
  expect(taken).toHaveBeenLastCalledWith("10.0.0.0/8");
  await pass(settleMs);
  expect(taken).toHaveBeenCalledTimes(3);
});

test("what an input method is writing is taken when it is done, whatever keys it is given", async () => {
  show();
  fireEvent.compositionStart(field);
  type("１９２");
  fireEvent.keyDown(field, { key: "Enter", isComposing: true });
  fireEvent.keyDown(field, { key: "Process", keyCode: 229 });
  fireEvent.keyDown(field, { key: "Escape", isComposing: true });
  await pass(10 * settleMs);
  expect(field.value).toBe("１９２");
  expect(taken).not.toHaveBeenCalled();
  expect(screen.queryByRole("alert")).toBeNull();
  fireEvent.compositionEnd(field, { data: "192.0.2.1" });
  type("192.0.2.1");
  await pass(settleMs);
  expect(taken.mock.calls).toEqual([["192.0.2.1"]]);
});

test("what says no address is told what would, until something else is typed", async () => {
  show();
  type("web server");
  expect(screen.queryByRole("alert")).toBeNull();
  await pass(settleMs);
  expect(screen.getByRole("alert").textContent).toBe(messages.connections.misread);
  expect(field.getAttribute("aria-invalid")).toBe("true");
  type("192.0.2.1");
  expect(screen.queryByRole("alert")).toBeNull();
});

test("Escape empties it, and so does whoever clears the filters", async () => {
  show("192.0.2.1");
  fireEvent.keyDown(field, { key: "Escape" });
  await pass(0);
  expect(taken.mock.calls).toEqual([[""]]);
  type("192.0.2.2");
  await pass(settleMs);
  fireEvent.click(screen.getByRole("button", { name: "Clear" }));
  expect(field.value).toBe("");
  await pass(settleMs);
  expect(taken).toHaveBeenCalledTimes(2);
});

test("the slash comes here, unless an input method has it", () => {
  show();
  fireEvent.keyDown(document.body, { key: "/", isComposing: true });
  fireEvent.keyDown(document.body, { key: "/", keyCode: 229 });
  expect(document.activeElement).not.toBe(field);
  fireEvent.keyDown(document.body, { key: "/" });
  expect(document.activeElement).toBe(field);
});
