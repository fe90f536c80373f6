import { expect, type Locator, type Page } from "@playwright/test";
import { escaped } from "./text.ts";

export type RoleWord = "Viewer" | "Operator" | "Admin";

/** Users and API tokens. */
export class PeoplePage {
  readonly page: Page;
  readonly heading: Locator;
  readonly users: Locator;
  readonly tokens: Locator;
  /** the form that is open: of a user, of a password, of a token, or a token that was just made */
  readonly form: Locator;
  /** asks before something is done */
  readonly confirmation: Locator;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.getByRole("heading", { level: 1, name: "People" });
    this.users = page.getByRole("region", { name: "Users", exact: true });
    this.tokens = page.getByRole("region", { name: "API tokens", exact: true });
    this.form = page.getByRole("dialog");
    this.confirmation = page.getByRole("alertdialog");
  }

  static async open(page: Page): Promise<PeoplePage> {
    await page.goto("/people");
    const people = new PeoplePage(page);
    await expect(people.users.getByRole("table")).toBeVisible();
    return people;
  }

  user(name: string): UserLine {
    const header = this.page.getByRole("rowheader", { name: new RegExp(`^${escaped(name)}( You)?$`) });
    return new UserLine(this, this.users.getByRole("row").filter({ has: header }), name);
  }

  token(name: string): Locator {
    const header = this.page.getByRole("rowheader", { name, exact: true });
    return this.tokens.getByRole("row").filter({ has: header });
  }

  field(label: string): Locator {
    return this.form.getByLabel(label, { exact: true });
  }

  /** Fills the form of a new user and sends it; what comes of it is the caller's to see. */
  async addUser(name: string, role: RoleWord, password: string): Promise<void> {
    await this.users.getByRole("button", { name: "Add user" }).click();
    await this.field("Name").fill(name);
    await this.field("Role").selectOption(role);
    await this.field("Password").fill(password);
    await this.form.getByRole("button", { name: "Add user" }).click();
  }

  /** Makes a token that holds for some days, 90 unless said otherwise, and answers with it; the dialog is closed. */
  async addToken(name: string, role: RoleWord, days?: "30" | "90" | "365" | "never"): Promise<string> {
    await this.tryToAddToken(name, role, days);
    const token = await this.shownToken.textContent();
    await this.form.getByRole("button", { name: "Done" }).click();
    await expect(this.form).toBeHidden();
    return token ?? "";
  }

  /** Fills the form of a new token and sends it; what comes of it is the caller's to see. */
  async tryToAddToken(name: string, role: RoleWord, days?: "30" | "90" | "365" | "never"): Promise<void> {
    await this.tokens.getByRole("button", { name: "Add token" }).click();
    await this.field("Name").fill(name);
    await this.field("Role").selectOption(role);
    if (days) await this.field("Ends after").selectOption(days);
    await this.form.getByRole("button", { name: "Add token" }).click();
  }

  /** The token that was just made. */
  get shownToken(): Locator {
    return this.form.getByRole("figure", { name: "Token" }).getByRole("code");
  }

  async revoke(name: string): Promise<void> {
    await this.token(name)
      .getByRole("button", { name: `Revoke ${name}` })
      .click();
    await this.confirm("Revoke");
  }

  /** Presses the button of the question that is open; what comes of it is the caller's to see. */
  async confirm(button: string): Promise<void> {
    await this.confirmation.getByRole("button", { name: button, exact: true }).click();
  }
}

/** One user in the table, and what can be done with them. Each asks first: PeoplePage.confirm() says yes. */
export class UserLine {
  readonly people: PeoplePage;
  readonly row: Locator;
  readonly name: string;
  readonly role: Locator;

  constructor(people: PeoplePage, row: Locator, name: string) {
    this.people = people;
    this.row = row;
    this.name = name;
    this.role = row.getByRole("combobox", { name: `Role of ${name}`, exact: true });
  }

  async setRole(role: RoleWord): Promise<void> {
    await this.role.selectOption(role);
    await this.people.confirm("Change role");
  }

  /** Fills the form and sends it. */
  async setPassword(password: string): Promise<void> {
    await this.choose("Set password");
    await this.people.field("New password").fill(password);
    await this.people.form.getByRole("button", { name: "Set password" }).click();
  }

  async disable(): Promise<void> {
    await this.choose("Disable");
    await this.people.confirm("Disable");
  }

  /** Does not ask. */
  async enable(): Promise<void> {
    await this.choose("Enable");
  }

  async remove(): Promise<void> {
    await this.choose("Remove");
    await this.people.confirm("Remove");
  }

  async endSessions(): Promise<void> {
    await this.choose(/^End (\d+ )?sessions?$/);
    await this.people.confirm("End sessions");
  }

  async choose(item: string | RegExp): Promise<void> {
    await this.row.getByRole("button", { name: `Actions for ${this.name}`, exact: true }).click();
    await this.people.page.getByRole("menuitem", { name: item, exact: true }).click();
  }
}
