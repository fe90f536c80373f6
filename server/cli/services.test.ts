import { expect, test } from "vitest";
import { wantsColour } from "./services.ts";

test("colours are for a terminal that can show them and whose owner wants them", () => {
  expect(wantsColour({ isTTY: true }, { TERM: "xterm" })).toBe(true);
  expect(wantsColour({}, { TERM: "xterm", FORCE_COLOR: "1" })).toBe(false);
  expect(wantsColour({ isTTY: true }, { TERM: "xterm", NO_COLOR: "0" })).toBe(false);
  expect(wantsColour({ isTTY: true }, { TERM: "xterm", NO_COLOR: "" })).toBe(true);
  expect(wantsColour({ isTTY: true }, { TERM: "dumb" })).toBe(false);
});
