import { type Check, type Outcome, orElse } from "../check.ts";
import { readNumber, vsPath } from "../read.ts";
import { sysctlCommand } from "../words.ts";

const names = ["drop_entry", "drop_packet", "secure_tcp"] as const;
/** 1 is automatic and at rest; the kernel itself makes it 2 when memory is short, and 1 again (update_defense_level(), linux ip_vs_ctl.c). */
const active = 2;
const always = 3;

export const defences: Check<"defences"> = {
  id: "defences",
  reads: [...names.map(vsPath), vsPath("am_droprate")],
  link: "/director?view=sysctls",
  async run({ host }) {
    const modes = await Promise.all(names.map(async (name) => ({ name, mode: await readNumber(host, vsPath(name)) })));
    const rate = await readNumber(host, vsPath("am_droprate"));
    const named = (mode: number) => modes.filter((each) => each.mode === mode).map(({ name }) => name);
    const found: Outcome<"defences">[] = [];
    // ip_vs_todrop(): of every `rate` packets one is dropped; 0 drops none.
    if (named(always).includes("drop_packet") && (rate === 1 || rate < 0)) {
      const commands = [sysctlCommand(vsPath("am_droprate"), 10)];
      found.push({ verdict: "error", code: "DEFENCE_DROPS_ALL", params: { mode: always, rate }, commands });
    }
    const nowActive = named(active);
    if (nowActive.length > 0) found.push({ verdict: "warning", code: "DEFENCE_ACTIVE", params: about(nowActive) });
    const onAlways = named(always);
    if (onAlways.length > 0) {
      const commands = onAlways.map((name) => sysctlCommand(vsPath(name), 1));
      found.push({ verdict: "notice", code: "DEFENCE_ALWAYS", params: about(onAlways), commands });
    }
    return orElse(found, { code: "DEFENCES_RESTING" });
  },
};

const about = (which: readonly string[]) => ({ count: which.length, names: which.join(", ") });
