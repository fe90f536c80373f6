import { afterEach, beforeEach } from "vitest";
import { provedMs } from "#domain/people";
import type { PlanMode } from "#domain/rules/plan";
import type { RulesApplied } from "#domain/rules-exchange";
import { simulatedSubject } from "#server/director/contract/simulated-subject";
import type { RemoteDirector } from "#server/director/remote";
import { rulesOf } from "../../rules/apply-text.ts";
import { type TestPeople, testPeople } from "../people/people-fixture.ts";
import { appRouter } from "../router.ts";
import { type TestWeb, testWeb } from "../web-fixture.ts";

export const rules = "-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.1:80 -m -w 1\n";
export const other = "-A -t 192.0.2.10:80 -s wrr\n-A -f 9 -s rr\n";

const roles = { root: "admin", oleg: "operator", vera: "viewer" } as const;
type Name = keyof typeof roles;

/** For each test of a file a person of each role, logged in, and a simulated director. */
export class RulesPeople {
  at!: TestPeople;
  subject!: Awaited<ReturnType<typeof simulatedSubject>>;
  readonly cookies = {} as Record<Name, string>;
  #web!: TestWeb;
  #jobs = 0;

  constructor() {
    beforeEach(async () => {
      this.at = testPeople();
      this.subject = await simulatedSubject();
      this.#web = testWeb(this.at, this.subject.director as unknown as RemoteDirector);
      for (const name of ["root", "oleg", "vera"] as const) {
        await this.at.addUser(name, roles[name]);
        this.cookies[name] = await this.at.logIn(name);
      }
    });
    afterEach(async () => {
      await this.subject.director.stop();
      this.#web.stop();
      await this.at.close();
      await this.subject.close();
    });
  }

  /** every procedure, as a page of that person asks it */
  caller(name: Name) {
    return appRouter.createCaller(this.#web.context({ cookie: this.cookies[name] }));
  }

  /** those of rule text */
  as(name: Name) {
    return this.caller(name).rules;
  }

  /** What a page does: a plan, and then the writing of what it showed. */
  async write(
    name: Name,
    text: string,
    mode: PlanMode = "run",
    more: { tag?: string; note?: string; confirmS?: number } = {},
  ): Promise<RulesApplied> {
    const { tag } = await this.as(name).plan({ text, mode });
    return this.as(name).write({ text, mode, tag, jobId: `job-${++this.#jobs}-00000000`, ...more });
  }

  /** Makes the table that a test starts from. */
  set(text: string): Promise<RulesApplied> {
    return this.write("root", `-C\n${text}`);
  }

  /** the table as text */
  async now(): Promise<string> {
    return rulesOf(await this.subject.director.table()).text;
  }

  /** Everybody gave their password more than ten minutes ago. */
  passwordIsOld(): void {
    this.at
      .raw()
      .prepare("UPDATE session SET provedAt = ?")
      .run(Date.now() - provedMs - 1);
  }

  /** what the audit holds since everybody logged in */
  audit(): Record<string, unknown>[] {
    return this.at
      .raw()
      .prepare("SELECT actor, action, target, outcome FROM audit WHERE action NOT IN ('log-in', 'user-add')")
      .all()
      .map((line) => ({ ...line }));
  }
}
