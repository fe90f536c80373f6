import { byVerdict, type DoctorReport, type Finding, type FoundManager } from "#domain/doctor";
import { asDirectorError } from "#domain/errors";
import type { LocalAddress } from "#domain/local-address";
import type { ServiceKey } from "#domain/service";
import type { SyncDaemon } from "#domain/sync-daemon";
import type { ServiceRecord } from "#domain/table";
import type { Timeouts } from "#domain/timeouts";
import { type Check, type CheckContext, NotKnown, type Outcome } from "./check.ts";
import { checks as allChecks } from "./checks.ts";
import { HostFault, type HostReader } from "./host-reader.ts";
import { findManagers } from "./managers.ts";
import { printable } from "./words.ts";

/** What IPVS itself tells a doctor; each may reject. */
export interface DoctorSource {
  table(): Promise<ServiceRecord[]>;
  daemons(): Promise<SyncDaemon[]>;
  timeouts(): Promise<Timeouts>;
  status(): Promise<{ fullnat: boolean }>;
  localAddresses(service: ServiceKey): Promise<LocalAddress[]>;
}

export interface DoctorOptions {
  source: DoctorSource;
  /** the host as it is now: asked for once a run */
  host: () => HostReader;
  wallMs?: () => number;
  /** on a clock that never jumps */
  monotonicMs?: () => number;
  checks?: readonly Check[];
  /** a check that takes longer is `unknown` */
  patienceMs?: number;
}

/** Who asks again so soon gets the same answer, and so does who asks before there is one. */
const reportAgeMs = 2000;
const managersAgeMs = 30_000;
const usualPatienceMs = 10_000;

/**
 * Says what is wrong with a director's host. It reads and never writes; it works when it is asked and at no other time, once for all who
 * ask at once. It never rejects: what a check cannot see, or trips over, is a finding of its own.
 */
export class Doctor {
  readonly #options: Required<DoctorOptions>;
  #report: Kept<DoctorReport> | null = null;
  #managers: Kept<FoundManager[]> | null = null;

  constructor(options: DoctorOptions) {
    this.#options = {
      ...{ wallMs: Date.now, monotonicMs: () => performance.now() },
      ...{ checks: allChecks, patienceMs: usualPatienceMs },
      ...options,
    };
  }

  report(): Promise<DoctorReport> {
    this.#report = this.#fresh(this.#report, reportAgeMs, () => this.#look());
    return this.#report.answer;
  }

  /** Programs on this host that write its table themselves. A host that cannot be looked at has none that is known of. */
  managers(): Promise<FoundManager[]> {
    this.#managers = this.#fresh(this.#managers, managersAgeMs, () => findManagers(this.#options.host()));
    return this.#managers.answer;
  }

  #fresh<T>(kept: Kept<T> | null, maxAgeMs: number, look: () => Promise<T>): Kept<T> {
    const nowMs = this.#options.monotonicMs();
    if (kept && (kept.isPending || nowMs - kept.atMs < maxAgeMs)) return kept;
    const fresh: Kept<T> = { atMs: nowMs, isPending: true, answer: look() };
    const ended = () => {
      fresh.isPending = false;
    };
    fresh.answer.then(ended, ended);
    return fresh;
  }

  async #look(): Promise<DoctorReport> {
    const atMs = this.#options.wallMs();
    const context = await this.#context();
    const findings = await Promise.all(this.#options.checks.map((check) => this.#findings(check, context)));
    return { atMs, findings: byVerdict(findings.flat()) };
  }

  async #context(): Promise<CheckContext> {
    const { source, host } = this.#options;
    const [table, daemons, timeouts, status] = await Promise.all([
      settled(source.table()),
      settled(source.daemons()),
      settled(source.timeouts()),
      settled(source.status()),
    ]);
    return {
      host: host(),
      refusal: table.refusal,
      services: () => known(table),
      daemons: () => known(daemons),
      timeouts: () => known(timeouts),
      fullnat: () => known(status).fullnat,
      localAddresses: async (service) => known(await settled(source.localAddresses(service))),
      connections: () =>
        known(table).reduce((sum, { gauges }) => sum + gauges.active + gauges.inactive + gauges.persistent, 0),
      managers: () => this.managers(),
    };
  }

  async #findings(check: Check, context: CheckContext): Promise<Finding[]> {
    const { id, reads, link: usualLink } = check;
    const finding = { check: id, reads: [...reads] };
    try {
      const found = await withPatience(async () => check.run(context), this.#options.patienceMs);
      const outcomes: readonly Outcome[] = Array.isArray(found) ? found : [found as Outcome];
      return outcomes.map(({ verdict, code, params = {}, commands = [], link = usualLink }) => {
        return { ...finding, verdict, code, params, commands: [...commands], link };
      });
    } catch (thrown) {
      const { code, params } = notKnown(thrown);
      return [{ ...finding, verdict: "unknown", code, params, commands: [], link: null }];
    }
  }
}

interface Kept<T> {
  atMs: number;
  isPending: boolean;
  answer: Promise<T>;
}

type Told<T> = { value: T; refusal: null } | { refusal: string };

async function settled<T>(asked: Promise<T>): Promise<Told<T>> {
  try {
    return { value: await asked, refusal: null };
  } catch (thrown) {
    return { refusal: asDirectorError(thrown).code };
  }
}

function known<T>(told: Told<T>): T {
  if (told.refusal !== null) throw new NotKnown("NO_TABLE", { refusal: told.refusal });
  return told.value;
}

const faultCodes = { missing: "NOT_THERE", denied: "NOT_READABLE", failed: "NOT_READABLE" } as const;

function notKnown(thrown: unknown): Pick<NotKnown, "code" | "params"> {
  if (thrown instanceof NotKnown) return thrown;
  if (!(thrown instanceof HostFault)) {
    return {
      code: "CHECK_FAILED",
      params: { detail: printable(thrown instanceof Error ? thrown.message : String(thrown)) },
    };
  }
  const { kind, message } = thrown;
  const path = printable(thrown.path);
  if (kind === "too-large") return { code: "TOO_LARGE", params: { path } };
  return { code: faultCodes[kind], params: { path, detail: printable(message) } };
}

/** Rejects with NotKnown when `work` takes longer. What it began goes on, and nobody waits for it. */
async function withPatience<T>(work: () => Promise<T>, patienceMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new NotKnown("TOOK_TOO_LONG", { seconds: patienceMs / 1000 })), patienceMs);
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
