import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { type Browser, chromium, type Page } from "@playwright/test";
import { startProcess } from "../product.ts";
import { type Finding, median, percentile, rounded } from "./statistics.ts";

/**
 * What is measured in Chromium, on the simulated director: P7 and P8 of the table of targets. The last line on
 * standard output is the findings as JSON.
 */
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

async function withProduct<T>(table: string, work: (url: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "ipvs-bench-"));
  const port = await freePort();
  const director = await startProcess("director", join(folder, "d"), { DIRECTOR: "simulated", SIMULATED_TABLE: table });
  const web = await startProcess("web", join(folder, "d"), { LISTEN: `127.0.0.1:${port}` });
  try {
    return await work(`http://127.0.0.1:${port}`);
  } finally {
    await Promise.all([web.stop(), director.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Navigation to the first live row on screen, in milliseconds, in a fresh page. */
async function interactiveMs(browser: Browser, url: string): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const startedMs = performance.now();
  await page.goto(`${url}/services`, { waitUntil: "commit" });
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
async function firstLoadScript(browser: Browser, url: string): Promise<{ bytes: number; files: number }> {
  const page = await browser.newPage();
  const sizes = new Map<string, number>();
  page.on("response", async (response) => {
    if (response.request().resourceType() !== "script") return;
    sizes.set(response.url(), gzipSync(await response.body(), { level: 6 }).length);
  });
  await page.goto(`${url}/services`, { waitUntil: "load" });
  await page.getByRole("rowheader").first().waitFor();
  await sleep(1500);
  await page.close();
  return { bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0), files: sizes.size };
}

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
const openings = async (url: string) => {
  const each: number[] = [];
  await interactiveMs(browser, url);
  for (let round = 0; round < 7; round++) each.push(await interactiveMs(browser, url));
  return median(each);
};
const smallMs = await withProduct("10x10", openings);
const { largeMs, script, rows, load } = await withProduct("1000x10", async (url) => {
  const large = await openings(url);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${url}/services?open=all`);
  await page.getByRole("rowheader").first().waitFor();
  await sleep(5000);
  const script = await scriptPerSampleMs(page);
  const rows = await page.getByRole("rowheader").count();
  await page.close();
  return { largeMs: large, script, rows, load: await firstLoadScript(browser, url) };
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
