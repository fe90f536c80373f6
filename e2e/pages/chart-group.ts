import { expect, type Locator } from "@playwright/test";
import { Chart } from "./chart.ts";

/** Charts that share one window of time and one pause. */
export class ChartGroup {
  readonly region: Locator;
  /** says that the charts stand still, and since when */
  readonly held: Locator;

  constructor(region: Locator) {
    this.region = region;
    this.held = region.getByText(/^(Paused at|Held while you look, at) \d\d:\d\d:\d\d$/);
  }

  chart(title: string): Chart {
    return new Chart(this.region.page(), this.region, title);
  }

  async chooseWindow(name: "1 min" | "5 min" | "15 min"): Promise<void> {
    const button = this.region.getByRole("group", { name: "Window" }).getByRole("button", { name, exact: true });
    await button.click();
    await expect(button).toHaveAttribute("aria-pressed", "true");
  }

  async pause(): Promise<void> {
    await this.region.getByRole("button", { name: "Pause", exact: true }).click();
  }

  async resume(): Promise<void> {
    await this.region.getByRole("button", { name: "Resume", exact: true }).click();
  }
}
