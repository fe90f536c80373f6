import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import type { ConnectionsDocument } from "#domain/connections-document";
import { endpoint } from "#domain/endpoint";
import { ConnectionsPage } from "../pages/connections-page.ts";
import { countCalls } from "./count-calls.ts";
import { expect, test } from "./product-fixture.ts";

const elements = (page: Page) => page.evaluate(() => document.querySelectorAll("*").length);

test.describe("100,000 connections", () => {
  test.use({ simulation: { SIMULATED_CONNECTIONS: "100000" } });

  test("are filtered, grouped, sorted and paged, and few of them are ever in the document", async ({ page }) => {
    const connections = await ConnectionsPage.open(page);
    await expect(connections.rows()).toHaveCount(100);
    const all = await connections.counts();
    expect(all.rows).toBeGreaterThan(90_000);
    expect(all.matched).toBeGreaterThan(90_000);
    expect(await elements(page)).toBeLessThan(2500);

    await test.step("filters keep what they say, and their counts are those of groups", async () => {
      await connections.groupBy("State");
      await expect(connections.group("ESTABLISHED")).toBeVisible();
      const groups = await connections.groupCounts();
      const { matched } = await connections.counts();
      expect(groups.reduce((sum, [, count]) => sum + count, 0)).toBe(matched);
      await connections.group("ESTABLISHED").click();
      await expect(page).toHaveURL(/state=ESTABLISHED/);
      await expect(connections.group("FIN_WAIT")).toHaveCount(0);
      expect(new Set(await connections.column("State"))).toEqual(new Set(["ESTABLISHED"]));
      await connections.filterBy("Virtual", "192.0.2.10:80");
      await connections.groupBy("Real server");
      await expect(connections.group("10.0.1.11:8080")).toBeVisible();
      expect((await connections.groupCounts()).map(([name]) => name).toSorted()).toEqual([
        "10.0.1.11:8080",
        "10.0.1.12:8080",
        "10.0.1.13:8080",
        "10.0.1.14:8080",
      ]);
      expect(new Set(await connections.column("Virtual"))).toEqual(new Set(["192.0.2.10:80"]));
    });

    await test.step("the order is that of what the columns hold, over all pages, without another read", async () => {
      await connections.filterBy("Client", "198.18.0.0/16");
      await connections.groupBy("Nothing");
      await connections.sortBy("Client");
      await expect(connections.columnHead("Client")).toHaveAttribute("aria-sort", "ascending");
      await expect(connections.table()).not.toHaveClass(/opacity/);
      const readAt = await connections.readLine.textContent();
      const first = await connections.column("Client");
      await connections.goTo("Next page");
      await expect(connections.range).toContainText("101–200 of");
      const both = [...first, ...(await connections.column("Client"))].map(asNumber);
      expect(both).toEqual(both.toSorted((a, b) => a - b));
      await connections.goTo("Last page");
      await expect(connections.range.getByRole("button", { name: "Next page" })).toBeDisabled();
      await connections.sortBy("Client");
      await expect(connections.columnHead("Client")).toHaveAttribute("aria-sort", "descending");
      await expect(connections.range).toContainText("1–100 of");
      expect(await connections.readLine.textContent()).toBe(readAt);
      expect(await elements(page)).toBeLessThan(2500);
    });

    await test.step("a link shows the same, and Back takes a click on a row away", async () => {
      await page.reload();
      await expect(connections.rows().first()).toBeVisible();
      await expect(connections.field("Client")).toHaveValue("198.18.0.0/16");
      await expect(connections.columnHead("Client")).toHaveAttribute("aria-sort", "descending");
      const server = (await connections.column("Real server"))[0] ?? "";
      await connections.rows().first().getByRole("button", { name: server }).click();
      await expect(connections.field("Real server")).toHaveValue(server);
      await page.goBack();
      await expect(connections.field("Real server")).toHaveValue("");
      await connections.clearFilters();
      await expect.poll(async () => (await connections.counts()).matched).toBeGreaterThan(90_000);
    });

    await test.step("files have all rows that match, in the order of the page, of the read that is shown", async () => {
      await connections.toggle("State", "TIME_WAIT");
      await connections.sortBy("Client");
      await expect(connections.columnHead("Client")).toHaveAttribute("aria-sort", /./);
      await expect.poll(async () => new Set(await connections.column("State"))).toEqual(new Set(["TIME_WAIT"]));
      await expect(connections.table()).not.toHaveClass(/opacity/);
      const { matched } = await connections.counts();
      const clients = await connections.column("Client");
      const csv = await connections.download("CSV");
      expect(csv.suggestedFilename()).toMatch(/^connections-[\dTZ-]+\.csv$/);
      const [head = "", ...lines] = (await readFile(await csv.path(), "utf8")).trimEnd().split("\r\n");
      expect(head).toMatch(/^protocol,client,client_port,virtual,virtual_port,server,server_port,state,expires_s,/);
      expect(lines).toHaveLength(matched);
      const cells = lines.map((line) => line.split(","));
      expect(new Set(cells.map((each) => each[7]))).toEqual(new Set(["TIME_WAIT"]));
      expect(cells.slice(0, 100).map(([, address = "", port = ""]) => endpoint(address, Number(port)))).toEqual(
        clients,
      );
      const json = await connections.download("JSON");
      const { connections: rows } = JSON.parse(await readFile(await json.path(), "utf8")) as ConnectionsDocument;
      expect(rows.map(({ client }) => [client.address, String(client.port)])).toEqual(
        cells.map(([, address, port]) => [address, port]),
      );
      await connections.clearFilters();
      await expect.poll(async () => (await connections.counts()).matched).toBeGreaterThan(90_000);
    });

    await test.step("clients are many groups, shown page by page", async () => {
      await connections.groupBy("Client network");
      await expect(connections.groups.getByRole("row")).toHaveCount(51);
      const counts = (await connections.groupCounts()).map(([, count]) => count);
      expect(counts).toEqual(counts.toSorted((a, b) => b - a));
      expect(await elements(page)).toBeLessThan(3000);
    });
  });
});

function asNumber(endpoint: string): number {
  const [address = "", port = "0"] = endpoint.split(":");
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0) * 65_536 + Number(port);
}

test.describe("a slow kernel", () => {
  test.use({ simulation: { SIMULATED_CONNECTIONS: "20000", SIMULATED_ROWS_PER_SECOND: "5000" } });

  test("a read says how far it is, stops at its budget, goes on when that is wanted, and ends when it is cancelled", async ({
    page,
  }) => {
    const connections = await ConnectionsPage.open(page);
    await expect(connections.progress).toHaveAttribute("aria-valuetext", /^[\d,]+ rows read, about \d+ %$/);
    await expect(page.getByText(/^Read 1[\d,]+ rows so far, about [67]\d %: continue\?/)).toBeVisible();
    const { rows } = await connections.counts();
    await expect(connections.rows()).toHaveCount(100);
    await connections.continueButton.click();
    await expect.poll(async () => (await connections.counts()).rows).toBeGreaterThan(rows);
    await expect(connections.continueButton).toHaveCount(0);

    await connections.refreshButton.click();
    await expect(connections.progress).toBeVisible();
    await connections.cancelButton.click();
    await expect(page.getByText(/^Cancelled after [\d,]+ rows, about \d+ %\. /)).toBeVisible();
    expect((await connections.counts()).rows).toBeLessThan(rows);
    await expect(connections.rows()).toHaveCount(100);
  });
});

test("an address, a prefix, a port: anything else gets a sentence, and what an input method writes is waited for", async ({
  page,
}) => {
  const reads = countCalls(page, "connections.page");
  const connections = await ConnectionsPage.open(page);
  await expect(connections.rows()).toHaveCount(100);
  expect(reads()).toBe(1);

  await test.step("text that is being composed reads nothing and moves nothing", async () => {
    await page.keyboard.press("/");
    await expect(connections.search).toBeFocused();
    const input = await page.context().newCDPSession(page);
    await input.send("Input.imeSetComposition", { text: "fuwuqi", selectionStart: 6, selectionEnd: 6 });
    for (const key of ["/", "Enter", "Escape"]) {
      await connections.search.dispatchEvent("keydown", { key, isComposing: true, keyCode: 229, bubbles: true });
    }
    await expect(connections.search).toHaveValue("fuwuqi");
    await page.locator("body").dispatchEvent("keydown", { key: "/", keyCode: 229, bubbles: true });
    // Twice as long as the page waits for typing to stop.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1200)));
    expect(reads()).toBe(1);
    await expect(connections.filters.getByRole("alert")).toHaveCount(0);
    await expect(page).toHaveURL(/\/connections$/);
    await input.send("Input.insertText", { text: "服务器" });
    await expect(connections.search).toHaveValue("服务器");
    await expect(connections.filters.getByRole("alert")).toContainText("Write an address, a prefix (10.0.0.0/24)");
    expect(reads()).toBe(1);
    await expect(connections.rows()).toHaveCount(100);
  });

  await test.step("what can be understood is read", async () => {
    await connections.filterBy("Search", "192.0.2.25:25");
    await expect(connections.filters.getByRole("alert")).toHaveCount(0);
    await expect(page).toHaveURL(/any=192\.0\.2\.25:25/);
    await expect.poll(async () => new Set(await connections.column("Virtual"))).toEqual(new Set(["192.0.2.25:25"]));
    await connections.filterBy("Search", "203.0.113.200");
    await expect(page.getByText("No connection matches")).toBeVisible();
    await page.getByRole("main").getByRole("button", { name: "Clear filters" }).last().click();
    await expect(connections.rows()).toHaveCount(100);
    await connections.toggle("Protocol", "UDP");
    await expect.poll(async () => new Set(await connections.column("Protocol"))).toEqual(new Set(["udp"]));
  });
});
