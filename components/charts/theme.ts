/** Colours there are; more series start over with another dash. */
export const chartColours = 8;
const dashes = [[], [6, 3], [2, 3], [8, 3, 2, 3]] as const;

export interface ChartColours {
  axis: string;
  grid: string;
  lines: readonly string[];
}

/** The n-th series in CSS, for swatches beside the plot. */
export function colourVariable(index: number): string {
  return `var(--chart-${(index % chartColours) + 1})`;
}

export function dashOf(index: number): readonly number[] {
  return dashes[Math.floor(index / chartColours) % dashes.length] ?? [];
}

let colours: ChartColours | null = null;

/** The colours of charts.css as the theme of this moment resolves them; a canvas knows no variables. */
export function chartTheme(): ChartColours {
  if (colours) return colours;
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim() || "gray";
  colours = {
    axis: read("--chart-axis"),
    grid: read("--chart-grid"),
    lines: Array.from({ length: chartColours }, (_, index) => read(`--chart-${index + 1}`)),
  };
  return colours;
}

/** Calls `listener` whenever the page becomes dark or light, by its switch or by the system's. The answer ends it. */
export function onThemeChange(listener: () => void): () => void {
  const changed = () => {
    colours = null;
    listener();
  };
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["class", "style", "data-theme"] });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", changed);
  };
}
