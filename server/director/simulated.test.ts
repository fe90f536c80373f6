import { simulatedSubject } from "./contract/simulated-subject.ts";
import { directorContract } from "./contract.ts";

directorContract("simulated", simulatedSubject);
