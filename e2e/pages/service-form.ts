import { expect, type Locator, type Page } from "@playwright/test";
import { FormDialog } from "./form-dialog.ts";

export interface ServiceFields {
  protocol?: "TCP" | "UDP" | "SCTP" | "Firewall mark";
  address?: string;
  port?: string;
  mark?: string;
  family?: "IPv4" | "IPv6";
  /** its short name: wlc */
  scheduler?: string;
  /** names of flags to tick */
  flags?: readonly string[];
  persistent?: boolean;
  timeoutS?: string;
  netmask?: string;
  prefix?: string;
  onePacket?: boolean;
  engine?: "None" | "sip";
}

/** The dialog that adds a virtual service or edits one. */
export class ServiceForm extends FormDialog {
  readonly address: Locator;
  readonly port: Locator;
  readonly mark: Locator;
  readonly scheduler: Locator;
  readonly persistent: Locator;
  readonly timeout: Locator;
  readonly netmask: Locator;
  readonly prefix: Locator;
  readonly onePacket: Locator;
  readonly engine: Locator;

  constructor(page: Page) {
    super(page);
    this.address = this.dialog.getByLabel("Address", { exact: true });
    this.port = this.dialog.getByLabel("Port", { exact: true });
    this.mark = this.dialog.getByLabel("Firewall mark", { exact: true }).and(page.getByRole("textbox"));
    this.scheduler = this.dialog.getByLabel("Scheduler", { exact: true });
    this.persistent = this.dialog.getByLabel("Persistent connections");
    this.timeout = this.dialog.getByLabel("Timeout in seconds");
    this.netmask = this.dialog.getByLabel("Client netmask");
    this.prefix = this.dialog.getByLabel("Client prefix length");
    this.onePacket = this.dialog.getByLabel("One-packet scheduling");
    this.engine = this.dialog.getByLabel("Persistence engine");
  }

  /** Fills in what is given, from the top of the form down, and leaves the rest. */
  async fill(fields: ServiceFields): Promise<this> {
    if (fields.protocol) await this.choose("Protocol", fields.protocol);
    if (fields.address !== undefined) await this.address.fill(fields.address);
    if (fields.port !== undefined) await this.port.fill(fields.port);
    if (fields.mark !== undefined) await this.mark.fill(fields.mark);
    if (fields.family) await this.choose("Address family", fields.family);
    if (fields.scheduler) await this.scheduler.selectOption(fields.scheduler);
    if (fields.persistent !== undefined) await this.persistent.setChecked(fields.persistent);
    if (fields.timeoutS !== undefined) await this.timeout.fill(fields.timeoutS);
    if (fields.netmask !== undefined) await this.netmask.fill(fields.netmask);
    if (fields.prefix !== undefined) await this.prefix.fill(fields.prefix);
    if (fields.onePacket !== undefined || fields.engine) await this.showMoreOptions();
    if (fields.onePacket !== undefined) await this.onePacket.setChecked(fields.onePacket);
    if (fields.engine) await this.engine.selectOption(fields.engine);
    await this.tickFlags(fields.flags ?? []);
    return this;
  }

  async showMoreOptions(): Promise<void> {
    if (!(await this.onePacket.isVisible())) await this.dialog.getByText("More options").click();
    await expect(this.onePacket).toBeVisible();
  }

  private async tickFlags(flags: readonly string[]): Promise<void> {
    const group = this.dialog.getByRole("group", { name: "Scheduler flags" });
    for (const flag of flags) {
      if (!(await group.isVisible())) await this.showMoreOptions();
      await group.getByLabel(flag, { exact: true }).check();
    }
  }
}
