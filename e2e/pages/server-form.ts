import type { Locator, Page } from "@playwright/test";
import { FormDialog } from "./form-dialog.ts";

export interface ServerFields {
  forward?: "NAT" | "Tunnelling" | "Direct routing" | "Full NAT";
  address?: string;
  port?: string;
  tunnelType?: "IPIP" | "GUE" | "GRE";
  tunnelPort?: string;
  checksum?: "None" | "Checksum" | "Remote checksum";
  weight?: string;
  upper?: string;
  lower?: string;
}

/** The dialog that adds a real server or edits one. */
export class ServerForm extends FormDialog {
  readonly address: Locator;
  readonly port: Locator;
  readonly tunnelPort: Locator;
  readonly weight: Locator;
  readonly upper: Locator;
  readonly lower: Locator;

  constructor(page: Page) {
    super(page);
    this.address = this.dialog.getByLabel("Address", { exact: true });
    this.port = this.dialog.getByLabel("Port", { exact: true });
    this.tunnelPort = this.dialog.getByLabel("Tunnel port");
    this.weight = this.dialog.getByLabel("Weight", { exact: true });
    this.upper = this.dialog.getByLabel("Upper threshold");
    this.lower = this.dialog.getByLabel("Lower threshold");
  }

  /** Fills in what is given; the forwarding method first, since it decides on other fields. */
  async fill(fields: ServerFields): Promise<this> {
    if (fields.forward) await this.choose("Forwarding method", fields.forward);
    if (fields.address !== undefined) await this.address.fill(fields.address);
    if (fields.port !== undefined) await this.port.fill(fields.port);
    if (fields.tunnelType) await this.dialog.getByLabel("Tunnel type").selectOption(fields.tunnelType);
    if (fields.tunnelPort !== undefined) await this.tunnelPort.fill(fields.tunnelPort);
    if (fields.checksum) await this.dialog.getByLabel("Tunnel checksum").selectOption(fields.checksum);
    if (fields.weight !== undefined) await this.weight.fill(fields.weight);
    if (fields.upper !== undefined) await this.upper.fill(fields.upper);
    if (fields.lower !== undefined) await this.lower.fill(fields.lower);
    return this;
  }
}
