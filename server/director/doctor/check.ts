import type { CheckId, checkCodes, Finding, FoundManager, UnknownCode, Verdict } from "#domain/doctor";
import type { LocalAddress } from "#domain/local-address";
import type { ServiceKey } from "#domain/service";
import type { SyncDaemon } from "#domain/sync-daemon";
import type { ServiceRecord } from "#domain/table";
import type { Timeouts } from "#domain/timeouts";
import type { HostReader } from "./host-reader.ts";

/** What a check may look at. What IPVS itself did not tell throws NotKnown where it is asked for. */
export interface CheckContext {
  host: HostReader;
  /** why IPVS does not answer, a code of the catalogue; null when it does */
  refusal: string | null;
  services(): readonly ServiceRecord[];
  daemons(): readonly SyncDaemon[];
  timeouts(): Timeouts;
  /** the kernel has the forwarding method FULLNAT; mainline has not */
  fullnat(): boolean;
  /** those of a service, on a kernel that has them */
  localAddresses(service: ServiceKey): Promise<readonly LocalAddress[]>;
  /** in the kernel's table now: active, inactive and templates */
  connections(): number;
  managers(): Promise<readonly FoundManager[]>;
}

/** What a check found: `code` is one of its own. No finding at all is a mistake. */
export interface Outcome<Id extends CheckId = CheckId> {
  verdict: Verdict;
  code: (typeof checkCodes)[Id][number];
  params?: Finding["params"];
  commands?: readonly string[];
  /** instead of the check's own */
  link?: string;
}

/** One thing that is looked at on a director's host. It only reads. */
export interface Check<Id extends CheckId = CheckId> {
  id: Id;
  /** as Finding.reads, IF for the name of an interface */
  reads: readonly string[];
  link: string | null;
  run(context: CheckContext): Outcome<Id> | readonly Outcome<Id>[] | Promise<Outcome<Id> | readonly Outcome<Id>[]>;
}

/** A check cannot look: its verdict is `unknown`, with this reason. */
export class NotKnown extends Error {
  readonly code: UnknownCode;
  readonly params: Finding["params"];

  constructor(code: UnknownCode, params: Finding["params"]) {
    super(code);
    this.name = "NotKnown";
    this.code = code;
    this.params = params;
  }
}

/** Findings where there are any, else the one that says all is well. */
export function orElse<Id extends CheckId>(
  found: readonly Outcome<Id>[],
  fine: Omit<Outcome<Id>, "verdict">,
): readonly Outcome<Id>[] {
  return found.length > 0 ? found : [{ verdict: "ok", ...fine } as Outcome<Id>];
}
