import { OverviewPage } from "../pages/overview-page.ts";
import { ServicePage } from "../pages/service-page.ts";
import { expect, type Product, test } from "./product-fixture.ts";

/** Some samples later: long enough that what is not held has moved. */
async function laterBySamples(product: Product, samples: number): Promise<void> {
  const until = product.director.samples.length + samples;
  await expect.poll(() => product.director.samples.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(until);
}

test("the window of time is chosen for all charts, stands in the URL, and the table behind a chart follows", async ({
  page,
}) => {
  const { charts } = await OverviewPage.open(page);
  const packets = charts.chart("Packets");
  const connections = charts.chart("New connections");
  await expect(packets.plot).toHaveAccessibleName(/^Packets, last 5 min: line chart/);
  await packets.showTable();
  for (const [name, caption] of [
    ["1 min", "Packets (packets/s), averages over 5 s, newest first"],
    ["15 min", "Packets (packets/s), averages over 1 min, newest first"],
    ["5 min", "Packets (packets/s), averages over 30 s, newest first"],
    ["1 min", "Packets (packets/s), averages over 5 s, newest first"],
  ] as const) {
    await charts.chooseWindow(name);
    await expect(packets.plot).toHaveAccessibleName(new RegExp(`^Packets, last ${name}:`));
    await expect(connections.plot).toHaveAccessibleName(new RegExp(`^New connections, last ${name}:`));
    await expect(packets.figure.getByText(caption)).toBeVisible();
  }
  await expect(packets.table.getByRole("columnheader")).toHaveText(["Time", "in", "out"]);
  await expect(packets.table.getByRole("row").nth(1).getByRole("cell").nth(1)).toHaveText(/^\d/);
  await page.reload();
  await expect(packets.plot).toHaveAccessibleName(/^Packets, last 1 min:/);
});

test("pause holds every chart, and resuming lets them go on", async ({ page, product }) => {
  const { charts } = await OverviewPage.open(page);
  const { readout } = charts.chart("Packets");
  await expect(readout).toHaveText(/in\s*\d.*out\s*\d/);
  await charts.pause();
  await expect(charts.held).toHaveText(/^Paused at /);
  const [held, seen] = [await charts.held.textContent(), await readout.textContent()];
  await laterBySamples(product, 4);
  await expect(charts.held).toHaveText(held ?? "");
  await expect(readout).toHaveText(seen ?? "");
  await charts.resume();
  await expect(charts.held).toBeHidden();
  await expect(readout).not.toHaveText(seen ?? "");
});

test("pointing at one chart holds all of them and moves one cursor over each", async ({ page, product }) => {
  const { charts } = await OverviewPage.open(page, "window=60");
  const [packets, traffic] = [charts.chart("Packets"), charts.chart("Traffic")];
  await expect(packets.readout).toHaveText(/in\s*\d.*out\s*\d/);
  await laterBySamples(product, 4);
  await packets.pointAt(0.99);
  await expect(charts.held).toHaveText(/^Held while you look, at /);
  const [held, seen] = [await charts.held.textContent(), await traffic.readout.textContent()];
  await laterBySamples(product, 3);
  await expect(charts.held).toHaveText(held ?? "");
  await expect(traffic.readout).toHaveText(seen ?? "");

  const newest = await packets.cursorShare();
  expect(newest).toBeGreaterThan(0.9);
  await packets.pointAt(0.95);
  await expect.poll(() => packets.cursorShare()).toBeLessThan(newest);
  const moved = await packets.cursorShare();
  for (const title of ["New connections", "Connections", "Traffic"])
    await expect.poll(() => charts.chart(title).cursorShare(), title).toBeCloseTo(moved, 2);
  await expect(traffic.readout).not.toHaveText(seen ?? "");

  await page.mouse.move(5, 5);
  await expect(charts.held).toBeHidden();
  await laterBySamples(product, 1);
  await expect(charts.held).toBeHidden();
});

test("a service's page draws a line for each real server, those that are chosen", async ({ page }) => {
  const service = await ServicePage.open(page, "tcp:192.0.2.10:80");
  const chart = service.charts.chart("New connections");
  const table = await chart.showTable();
  const servers = ["10.0.1.11:8080", "10.0.1.12:8080", "10.0.1.13:8080", "10.0.1.14:8080"];
  await expect(table.getByRole("columnheader")).toHaveText(["Time", ...servers]);
  await expect(table.getByRole("row").nth(1).getByRole("cell").nth(4)).toHaveText(/^\d/);
  const lines = service.charts.region.getByRole("group", { name: "Lines that are drawn" });
  const line = lines.getByRole("button", { name: "10.0.1.12:8080" });
  await line.click();
  await expect(line).toHaveAttribute("aria-pressed", "false");
  await expect(lines).toContainText("3 of 4 real servers are drawn.");
});

test("while the director was away is a gap in the table behind a chart, not a line across", async ({
  page,
  product,
}) => {
  const { charts, shell } = await OverviewPage.open(page, "window=60");
  const chart = charts.chart("Packets");
  const table = await chart.showTable();
  await expect(table.getByRole("row").nth(1).getByRole("cell").nth(1)).toHaveText(/^\d/);
  await product.killDirector();
  await shell.expectStale();
  await expect.poll(() => shell.ageS(), { timeout: 30_000 }).toBeGreaterThan(10);
  await product.startDirector();
  await shell.expectLive();
  // In steps of 5 s, an outage of 10 s has one of its own, wherever it began. Behind it come a slope's 4 s and a whole step.
  await expect
    .poll(
      async () => {
        const rows = await chart.tableRows();
        const kinds = rows.map(({ values }) => (values.every((value) => value === "no sample") ? "gap" : "sampled"));
        return kinds.join(" ");
      },
      { timeout: 30_000 },
    )
    .toMatch(/sampled( gap)+ sampled/);
});
