import { type Check, type Outcome, orElse } from "../check.ts";
import { editServiceCommand } from "../ipvsadm-commands.ts";
import { ifThere, readRelease } from "../read.ts";
import { mostCommands, serviceName, several } from "../words.ts";

const folder = "/lib/modules";
const maxBytes = 8 * 1024 * 1024;

/** What request_module("ip_vs_%s") would find (ip_vs_scheduler_get(), linux ip_vs_sched.c). */
export const schedulerModules: Check<"scheduler-modules"> = {
  id: "scheduler-modules",
  reads: ["/proc/sys/kernel/osrelease", `${folder}/RELEASE/modules.dep`, `${folder}/RELEASE/modules.builtin`, "table"],
  link: "/director?view=modules",
  async run({ host, services }) {
    const idle = services().filter(({ spec }) => spec.scheduler === "none");
    const used = [...new Set(services().map(({ spec }) => spec.scheduler))].filter((name) => name !== "none");
    const found: Outcome<"scheduler-modules">[] = [];
    if (idle.length > 0) {
      const commands = idle.slice(0, mostCommands).map((service) => editServiceCommand(service, { scheduler: "wlc" }));
      found.push({
        verdict: "warning",
        code: "SCHEDULER_NONE",
        params: several(idle.map(({ key }) => serviceName(key))),
        commands,
      });
    }
    const { release } = await readRelease(host);
    const path = `${folder}/${release}`;
    const lists = await Promise.all(
      ["modules.dep", "modules.builtin"].map((name) => ifThere(host.text(`${path}/${name}`, maxBytes), null)),
    );
    if (lists.every((list) => list === null)) {
      return [...found, { verdict: "warning", code: "MODULES_NOT_THERE", params: { release, path } }];
    }
    const there = new Set(
      lists.flatMap((list) => [...(list ?? "").matchAll(/\bip_vs_(\w+)\.ko/g)].map(([, name]) => name)),
    );
    const missing = used.filter((name) => !there.has(name));
    if (missing.length > 0) found.push({ verdict: "warning", code: "SCHEDULER_NOT_THERE", params: several(missing) });
    return orElse(found, { code: "MODULES_THERE", params: { count: used.length } });
  },
};
