/** What a browser and its system are called; null where its own text does not say. */
export interface BrowserName {
  browser: string | null;
  system: string | null;
}

/** The first that fits counts: Edge says that it is Chrome, and Chrome that it is Safari. */
const browsers: readonly [name: string, sign: RegExp][] = [
  ["Edge", /\bEdg(?:e|A|iOS)?\/(\d+)/],
  ["Opera", /\bOPR\/(\d+)/],
  ["Samsung Internet", /\bSamsungBrowser\/(\d+)/],
  ["Firefox", /\b(?:Firefox|FxiOS)\/(\d+)/],
  ["Chrome", /\b(?:HeadlessChrome|Chrome|Chromium|CriOS)\/(\d+)/],
  ["Safari", /\bVersion\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari\//],
  ["curl", /^curl\/(\d+)/],
];

const systems: readonly [name: string, sign: RegExp][] = [
  ["iPhone", /\biPhone\b/],
  ["iPad", /\biPad\b/],
  ["Android", /\bAndroid\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["Windows", /\bWindows\b/],
  ["macOS", /\bMac(?:intosh| OS X)\b/],
  ["Linux", /\bLinux\b|\bX11\b/],
];

/** Reads a User-Agent header as people would say it. Only to tell one's own sessions apart: anyone can send any text. */
export function browserName(agent: string): BrowserName {
  for (const [name, sign] of browsers) {
    const version = sign.exec(agent)?.[1];
    if (version !== undefined) return { browser: `${name} ${version}`, system: systemName(agent) };
  }
  return { browser: null, system: systemName(agent) };
}

function systemName(agent: string): string | null {
  return systems.find(([, sign]) => sign.test(agent))?.[0] ?? null;
}
