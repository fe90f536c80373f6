import { describe, expect, test } from "vitest";
import { serverState, serviceState } from "./state.ts";

describe("serverState", () => {
  test("weight 0 is draining while connections are left, then off", () => {
    const quiesced = { weight: 0, upperThreshold: 0 };
    expect(serverState(quiesced, { active: 3, inactive: 0 })).toBe("draining");
    expect(serverState(quiesced, { active: 0, inactive: 1 })).toBe("draining");
    expect(serverState(quiesced, { active: 0, inactive: 0 })).toBe("off");
  });

  test("full at the upper threshold, counting inactive connections as the kernel does", () => {
    const limited = { weight: 1, upperThreshold: 10 };
    expect(serverState(limited, { active: 4, inactive: 5 })).toBe("up");
    expect(serverState(limited, { active: 4, inactive: 6 })).toBe("full");
  });

  test("no threshold is no limit", () => {
    expect(serverState({ weight: 1, upperThreshold: 0 }, { active: 1e6, inactive: 1e6 })).toBe("up");
  });

  test("a server drained while full is draining, not full", () => {
    expect(serverState({ weight: 0, upperThreshold: 2 }, { active: 2, inactive: 0 })).toBe("draining");
  });
});

test("serviceState goes by how many servers take new connections", () => {
  expect(serviceState(0, 0)).toBe("empty");
  expect(serviceState(3, 0)).toBe("down");
  expect(serviceState(3, 2)).toBe("degraded");
  expect(serviceState(3, 3)).toBe("up");
});
