import { cleanup, createEvent, fireEvent, render, screen } from "@testing-library/react";
import { NextIntlClientProvider } from "next-intl";
import { afterEach, beforeEach, expect, test } from "vitest";
import messages from "../../messages/en.json" with { type: "json" };
import { Field } from "./field.tsx";
import { PasswordInput } from "./password-input.tsx";

let field: HTMLInputElement;
beforeEach(() => {
  render(
    <NextIntlClientProvider locale="en" messages={messages} timeZone="UTC">
      <Field label="Password" error="Wrong.">
        <PasswordInput name="password" autoComplete="current-password" />
      </Field>
    </NextIntlClientProvider>,
  );
  field = screen.getByLabelText<HTMLInputElement>("Password");
});
afterEach(cleanup);

test("is hidden until its owner wants to see it, and keeps what was typed", () => {
  fireEvent.change(field, { target: { value: "secret" } });
  expect(field.type).toBe("password");
  const button = screen.getByRole("button", { name: "Show password" });
  fireEvent.click(button);
  expect([field.type, field.value, button.getAttribute("aria-pressed")]).toEqual(["text", "secret", "true"]);
  fireEvent.click(button);
  expect(field.type).toBe("password");
});

test("the field itself is what is labelled, described and known to password managers", () => {
  expect(field.getAttribute("aria-invalid")).toBe("true");
  expect(document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent).toBe("Wrong.");
  expect([field.name, field.autocomplete]).toEqual(["password", "current-password"]);
});

test("says when Caps Lock is on", () => {
  const press = (type: "keyDown" | "keyUp", on: boolean) => {
    const event = createEvent[type](field, { key: "A" });
    Object.defineProperty(event, "getModifierState", { value: (key: string) => on && key === "CapsLock" });
    fireEvent(field, event);
  };
  press("keyDown", true);
  expect(screen.getByRole("status").textContent).toBe("Caps Lock is on.");
  press("keyUp", false);
  expect(screen.getByRole("status").textContent).toBe("");
});
