import { describe } from "vitest";
import { applyOptionsContract } from "./contract/apply-options.ts";
import { batchContract } from "./contract/batches.ts";
import { bootContract } from "./contract/boot.ts";
import { confirmContract } from "./contract/confirm.ts";
import { connectionContract } from "./contract/connections.ts";
import { doctorContract } from "./contract/doctor.ts";
import { drainContract } from "./contract/drain.ts";
import { foreignContract } from "./contract/foreign.ts";
import { hostContract } from "./contract/host.ts";
import { hostChangeContract } from "./contract/host-changes.ts";
import { identityContract } from "./contract/identity.ts";
import { withoutFullnatContract } from "./contract/local-addresses.ts";
import { preconditionContract } from "./contract/preconditions.ts";
import { refusalContract } from "./contract/refusals.ts";
import { revisionContract } from "./contract/revisions.ts";
import { settingsContract } from "./contract/settings.ts";
import type { MakeSubject } from "./contract/subject.ts";
import { validationContract } from "./contract/validation.ts";
import { verbContract } from "./contract/verbs.ts";

/**
 * What every director promises, whichever kind it is: said once, run against each. `make` gives a director with an empty
 * table, no daemon and the usual timeouts on a host such as Subject describes, its kernel without FULLNAT; what directors
 * promise on a kernel with it is localAddressContract().
 */
export function directorContract(name: string, make: MakeSubject): void {
  describe(`${name}: the contract of a director`, () => {
    verbContract(make);
    identityContract(make);
    preconditionContract(make);
    validationContract(make);
    refusalContract(make);
    batchContract(make);
    drainContract(make);
    foreignContract(make);
    settingsContract(make);
    hostChangeContract(make);
    hostContract(make);
    applyOptionsContract(make);
    confirmContract(make);
    revisionContract(make);
    bootContract(make);
    connectionContract(make);
    doctorContract(make);
    withoutFullnatContract(make);
  });
}
