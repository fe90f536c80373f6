import { describe } from "vitest";
import { localAddressContract } from "./contract/local-addresses.ts";
import { simulatedSubject } from "./contract/simulated-subject.ts";
import { directorContract } from "./contract.ts";

directorContract("simulated", simulatedSubject);

describe("simulated, with FULLNAT", () => localAddressContract(() => simulatedSubject({ fullnat: true })));
