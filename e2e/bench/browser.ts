import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { chromium, type Page } from "@playwright/test";
import { ConsoleClient } from "../console-client.ts";
import { setUp, setupLinkIn } from "../people.ts";
import { freePort, productFolder, startProcess } from "../product.ts";
import { lend } from "../session.ts";
import { type Finding, median, percentile, rounded } from "./statistics.ts";

/**
 * What is measured in Chromium, on the simulated director: P7 and P8 of the table of targets. The last line on
 * standard output is the findings as JSON.
 */
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"];

/** A page of a browser that has seen nothing before and has a session. */
type NewPage = () => Promise<Page>;

async function withProduct<T>(table: string, work: (newPage: NewPage) => Promise<T>): Promise<T> {
  const folder = productFolder();
  const port = await freePort();
  const director = await startProcess("director", folder, { DIRECTOR: "simulated", SIMULATED_TABLE: table });
  const web = await startProcess("web", folder, { LISTEN: `127.0.0.1:${port}` });
  try {
    const client = new ConsoleClient(`http://127.0.0.1:${port}`);
    await setUp(client, setupLinkIn(join(folder, "state")));
    return await work(async () => {
      const page = await browser.newPage({ baseURL: client.url, viewport: { width: 1440, height: 900 } });
      await lend(page.context(), client);
      return page;
    });
  } finally {
    await Promise.all([web.stop(), director.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Navigation to the first live row on screen, in milliseconds, in a fresh page. */
async function interactiveMs(newPage: NewPage): Promise<number> {
  const page = await newPage();
  const startedMs = performance.now();
  await page.goto("/services", { waitUntil: "commit" });
  await page.getByRole("rowheader").first().waitFor();
  const tookMs = performance.now() - startedMs;
  await page.close();
  return tookMs;
}

/** Script time of each live sample, from the browser's own trace: everything JavaScript did in each second of 30. */
async function scriptPerSampleMs(page: Page): Promise<number[]> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const scriptMs = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "ScriptDuration")?.value ?? 0) * 1000;
  };
  const each: number[] = [];
  let before = await scriptMs();
  for (let second = 0; second < 30; second++) {
    await sleep(1000);
    const now = await scriptMs();
    each.push(now - before);
    before = now;
  }
  return each;
}

/** Every script that the services page loads before anyone touches it, gzip'd here whatever the server sent. */
async function firstLoadScript(newPage: NewPage): Promise<{ bytes: number; files: number }> {
  const page = await newPage();
  const sizes = new Map<string, number>();
  page.on("response", async (response) => {
    if (response.request().resourceType() !== "script") return;
    sizes.set(response.url(), gzipSync(await response.body(), { level: 6 }).length);
  });
  await page.goto("/services", { waitUntil: "load" });
  await page.getByRole("rowheader").first().waitFor();
  await sleep(1500);
  await page.close();
  return { bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0), files: sizes.size };
}

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
const openings = async (newPage: NewPage) => {
  const each: number[] = [];
  await interactiveMs(newPage);
  for (let round = 0; round < 7; round++) each.push(await interactiveMs(newPage));
  return median(each);
};
const smallMs = await withProduct("10x10", openings);
const { largeMs, script, rows, load } = await withProduct("1000x10", async (newPage) => {
  const large = await openings(newPage);
  const page = await newPage();
  await page.goto("/services?open=all");
  await page.getByRole("rowheader").first().waitFor();
  await sleep(5000);
  const script = await scriptPerSampleMs(page);
  const rows = await page.getByRole("rowheader").count();
  await page.close();
  return { largeMs: large, script, rows, load: await firstLoadScript(newPage) };
});
await browser.close();

const findings: Finding[] = [
  {
    id: "P7",
    work: "services page interactive, 11,000 rows against 110",
    figure: largeMs / smallMs,
    must: 1.5,
    unit: "×",
    raw: { largeMs: rounded(largeMs), smallMs: rounded(smallMs) },
  },
  {
    id: "P7",
    work: "script per live sample, p95",
    figure: percentile(script, 0.95),
    must: 8,
    unit: "ms",
    raw: { medianMs: rounded(median(script)), samples: script.length },
  },
  { id: "P7", work: "DOM rows of 11,000, 900 px high", figure: rows, must: 100, unit: "rows", raw: { rows } },
  {
    id: "P8",
    work: "JavaScript on first load of the services page, gzip",
    figure: load.bytes / 1000,
    must: 270,
    unit: "kB",
    raw: { bytes: load.bytes, files: load.files },
  },
];
process.stdout.write(`${JSON.stringify(findings)}\n`);
