// The addon on a real kernel, with ipvsadm and /proc as its witnesses. Ends with `N passed, N failed`.
//
//   node e2e/kernel/run.mjs node native/test/addon.kernel.mjs
//
// Takes the whole IPVS table for itself, unloads the module and changes the kernel's modprobe: for the guest only.

import { tests } from "./kernel/shared.mjs";
import "./kernel/table.mjs";
import "./kernel/settings.mjs";
import "./kernel/calls.mjs";
// Last: templates of SIP calls keep their module, and so ip_vs, from being unloaded.
import "./kernel/connections.mjs";

let failed = 0;
for (const { name, body } of tests) {
  try {
    await body();
    console.log(`ok    ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n${error.stack}`);
  }
}
console.log(`${tests.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
