import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { lazy } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Button } from "./button.tsx";
import { Field } from "./field.tsx";
import { Input } from "./input.tsx";
import { LazyMenu } from "./lazy-menu.tsx";
import { Menu, MenuItem } from "./menu.tsx";
import { Tooltip } from "./tooltip.tsx";

afterEach(cleanup);

describe("LazyMenu", () => {
  function show() {
    const load = vi.fn(async () => ({
      default: () => (
        <Menu startsOpen trigger={<Button>More</Button>}>
          <MenuItem>Edit</MenuItem>
        </Menu>
      ),
    }));
    const Items = lazy(load);
    render(<LazyMenu trigger={<Button>More</Button>} menu={<Items />} />);
    return load;
  }

  test("loads nothing before it is wanted, and says that there is a menu", () => {
    const load = show();
    expect(load).not.toHaveBeenCalled();
    const button = screen.getByRole("button", { name: "More" });
    expect(button.getAttribute("aria-haspopup")).toBe("menu");
    expect(button.getAttribute("aria-expanded")).toBe("false");
  });

  test("one click loads it and shows it, Escape gives the focus back to the button", async () => {
    show();
    fireEvent.click(screen.getByRole("button", { name: "More" }));
    const menu = await screen.findByRole("menu");
    expect(menu.textContent).toBe("Edit");
    fireEvent.keyDown(menu, { key: "Escape" });
    await vi.waitFor(() => expect(screen.queryByRole("menu")).toBeNull());
    // The focus moves a turn after the menu is gone.
    await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByRole("button", { name: "More" })));
  });
});

describe("Tooltip", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const wait = (ms: number) => act(() => vi.advanceTimersByTime(ms));
  const pointer = (type: string) =>
    fireEvent[type as "pointerEnter"](screen.getByRole("button"), { pointerType: "mouse" });

  test("comes after a moment of pointing, describes the button, goes with the pointer", () => {
    render(
      <Tooltip content="The table is stale">
        <button type="button">Save</button>
      </Tooltip>,
    );
    pointer("pointerEnter");
    expect(screen.queryByRole("tooltip")).toBeNull();
    wait(500);
    const tooltip = screen.getByRole("tooltip");
    expect(tooltip.textContent).toBe("The table is stale");
    expect(screen.getByRole("button").getAttribute("aria-describedby")).toBe(tooltip.id);
    pointer("pointerLeave");
    wait(500);
    expect(screen.queryByRole("tooltip")).toBeNull();
  });

  test("stays while the pointer is on it, and Escape hides it without closing what lies beneath", () => {
    const onKeyDown = vi.fn();
    render(
      // biome-ignore lint/a11y/noStaticElementInteractions: stands for a dialog that listens for Escape
      <div onKeyDown={onKeyDown}>
        <Tooltip content="Why">
          <button type="button">Save</button>
        </Tooltip>
      </div>,
    );
    pointer("pointerEnter");
    wait(500);
    pointer("pointerLeave");
    fireEvent.pointerEnter(screen.getByRole("tooltip"));
    wait(1000);
    expect(screen.getByRole("tooltip")).toBeTruthy();
    fireEvent.keyDown(screen.getByRole("button"), { key: "Escape" });
    wait(0);
    expect(screen.queryByRole("tooltip")).toBeNull();
    expect(onKeyDown).not.toHaveBeenCalled();
  });

  test("without words there is none", () => {
    render(
      <Tooltip content={null}>
        <button type="button">Save</button>
      </Tooltip>,
    );
    pointer("pointerEnter");
    wait(1000);
    expect(screen.queryByRole("tooltip")).toBeNull();
  });
});

describe("Field", () => {
  test("the control is named by its label and described by its help", () => {
    render(
      <Field label="Weight" help="0 drains">
        <Input />
      </Field>,
    );
    const input = screen.getByLabelText("Weight");
    expect(document.getElementById(input.getAttribute("aria-describedby") ?? "")?.textContent).toBe("0 drains");
    expect(input.hasAttribute("aria-invalid")).toBe(false);
  });

  test("what is wrong takes the place of the help, is announced, and marks the control", () => {
    render(
      <Field label="Weight" help="0 drains" error="Enter a whole number">
        <Input />
      </Field>,
    );
    const input = screen.getByLabelText("Weight");
    expect(input.getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByRole("alert").id).toBe(input.getAttribute("aria-describedby"));
    expect(screen.queryByText("0 drains")).toBeNull();
  });
});

test("a busy button keeps the focus and does nothing", () => {
  const onClick = vi.fn();
  render(
    <Button busy onClick={onClick}>
      Save
    </Button>,
  );
  const button = screen.getByRole("button");
  button.focus();
  fireEvent.click(button);
  expect(onClick).not.toHaveBeenCalled();
  expect(document.activeElement).toBe(button);
  expect((button as HTMLButtonElement).disabled).toBe(false);
});
