import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { DescribedRow, RowValues } from "#domain/live";
import { LiveStore } from "../live/live-store.ts";
import type { Units } from "../units/use-units.ts";
import { bindCells, cellTexts } from "./live-cells.ts";

const service = "tcp:10.0.0.1:80";
const described: DescribedRow[] = [
  {
    slot: 0,
    row: {
      kind: "service",
      id: service,
      key: { kind: "address", protocol: "tcp", address: "10.0.0.1", port: 80 },
      spec: { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null },
    },
    drainedWeight: null,
  },
  {
    slot: 1,
    row: {
      kind: "server",
      id: `${service}>10.0.0.7:80`,
      serviceId: service,
      spec: {
        address: "10.0.0.7",
        port: 80,
        forward: "nat",
        weight: 1,
        upperThreshold: 0,
        lowerThreshold: 0,
        tunnel: null,
      },
    },
    drainedWeight: null,
  },
];
const values = (slot: number, rate: number | null, active = 0): RowValues => [slot, rate, 0, 0, 1000, 0, active, 0, 0];
const sample = (atMs: number) => ({ atMs, ageMs: 0, cadenceMs: 1000 });

const units: Units = {
  unit: "bits",
  short: (value, quantity) => (value === null ? "–" : `${value} ${quantity}`),
  named: () => "",
  exact: (value) => `exactly ${value}`,
  duration: () => "",
  symbol: () => "",
};

describe("bindCells", () => {
  let store: LiveStore;
  let row: HTMLElement;
  let end: () => void;
  const text = (column: string) => row.querySelector(`[data-live=${column}]`)?.textContent;

  beforeEach(() => {
    store = new LiveStore();
    store.take({ sample: sample(1000), rows: described, values: [values(0, 40), values(1, 10, 123_456)] });
    row = document.createElement("div");
    row.innerHTML = ["connectionsPerSecond", "active", "share", "inBytes"]
      .map((id) => `<i data-live="${id}"></i>`)
      .join("");
    end = bindCells(row, store, 1, service, cellTexts(units));
  });
  afterEach(() => end());

  test("numbers stand in their cells at once", () => {
    expect(text("connectionsPerSecond")).toBe("10 connectionsPerSecond");
    expect(text("active")).toBe("123k");
    expect(text("share")).toBe("25 %");
    expect(text("inBytes")).toBe("–");
  });

  test("a moved row is written, a cell that reads the same is left alone", () => {
    const active = row.querySelector("[data-live=active]") as HTMLElement;
    const written = vi.spyOn(active, "textContent", "set");
    store.take({ sample: sample(2000), values: [values(1, 20, 123_456)] });
    expect(text("connectionsPerSecond")).toBe("20 connectionsPerSecond");
    expect(written).not.toHaveBeenCalled();
  });

  test("a share moves with its service though the server itself does not", () => {
    store.take({ sample: sample(2000), values: [values(0, 20)] });
    expect(text("share")).toBe("50 %");
  });

  test("a gap is a dash, and so is a share of nothing", () => {
    store.take({ sample: sample(2000), values: [values(0, 0), values(1, null)] });
    expect(text("connectionsPerSecond")).toBe("–");
    expect(text("share")).toBe("–");
  });

  test("counters come as exact text, beyond what a number can hold", () => {
    store.take({ sample: sample(2000), counters: [[1, "0", "0", "0", "18446744073709551615", "0"]] });
    expect(text("inBytes")).toBe("18,446,744,073,709,551,615");
  });

  test("the exact value is made when the pointer comes, as it is then", () => {
    const cell = row.querySelector("[data-live=connectionsPerSecond]") as HTMLElement;
    expect(cell.title).toBe("");
    store.take({ sample: sample(2000), values: [values(1, 30)] });
    cell.dispatchEvent(new Event("pointerover", { bubbles: true }));
    expect(cell.title).toBe("exactly 30");
  });

  test("nothing is written after the end", () => {
    end();
    store.take({ sample: sample(2000), values: [values(1, 99), values(0, 99)] });
    expect(text("connectionsPerSecond")).toBe("10 connectionsPerSecond");
    expect(text("share")).toBe("25 %");
  });
});
