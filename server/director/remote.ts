import { createTRPCClient, httpLink, TRPCClientError } from "@trpc/client";
import { Agent, fetch, request } from "undici";
import type { Change } from "#domain/change";
import type { ConnectionPage, ConnectionQueryInput, ReadProgress } from "#domain/connection";
import type { DoctorReport, FoundManager } from "#domain/doctor";
import { asDirectorError, DirectorError, type ErrorShape } from "#domain/errors";
import type { HostInterface } from "#domain/host-interface";
import type { HistoryQuery, RowHistory } from "#domain/live";
import type { LocalAddress } from "#domain/local-address";
import type { IpvsModules } from "#domain/modules";
import type {
  ApplyOptions,
  JobProgress,
  PendingConfirm,
  Revision,
  RevisionDoer,
  RevisionQuery,
  RevisionTexts,
} from "#domain/revision";
import type { ServiceKey } from "#domain/service";
import type { SyncDaemon, SyncDaemonSpec, SyncRole } from "#domain/sync-daemon";
import type { Sysctl } from "#domain/sysctl";
import type { ServiceRecord } from "#domain/table";
import type { Timeouts } from "#domain/timeouts";
import type { Applied, BootStatus, Director, DirectorStatus, TaggedTable } from "./director.ts";
import { type Frame, FrameReader } from "./frames.ts";
import type { DirectorRouter } from "./router.ts";

/** As many reads of the connection table as may wait, each with the longest budget. */
const longestTurnMs = 200_000;

/** A director in another process, over its unix socket: the same interface, and its samples. */
export class RemoteDirector implements Director {
  readonly #agent: Agent;
  /** apart, so that a stream never takes a call's place */
  readonly #streams: Agent;
  /** apart too: they wait for their turn, and no edit does behind them */
  readonly #readers: Agent;
  readonly #client;
  readonly #reads;

  constructor(socketPath: string) {
    this.#agent = new Agent({ connect: { socketPath }, connections: 8, headersTimeout: 60_000, bodyTimeout: 60_000 });
    this.#streams = new Agent({ connect: { socketPath }, headersTimeout: 10_000, bodyTimeout: 0 });
    this.#readers = new Agent({ connect: { socketPath }, headersTimeout: longestTurnMs, bodyTimeout: 60_000 });
    this.#client = clientOver(this.#agent);
    this.#reads = clientOver(this.#readers);
  }

  status(): Promise<DirectorStatus> {
    return answered(this.#client.status.query());
  }

  table(): Promise<ServiceRecord[]> {
    return answered(this.#client.table.query());
  }

  plainTable(known?: string): Promise<TaggedTable> {
    return answered(this.#client.plainTable.query(known));
  }

  service(key: ServiceKey): Promise<ServiceRecord> {
    return answered(this.#client.service.query(key));
  }

  apply(changes: readonly Change[], options?: ApplyOptions): Promise<Applied> {
    return answered(this.#client.change.mutate({ changes: [...changes], options }));
  }

  progress(jobId: string): Promise<JobProgress | null> {
    return answered(this.#client.progress.query(jobId));
  }

  cancel(jobId: string): Promise<boolean> {
    return answered(this.#client.cancel.mutate(jobId));
  }

  pending(): Promise<PendingConfirm | null> {
    return answered(this.#client.pending.query());
  }

  confirm(revision: number): Promise<void> {
    return answered(this.#client.confirm.mutate(revision));
  }

  rollBackNow(revision: number, by?: RevisionDoer): Promise<void> {
    return answered(this.#client.rollBackNow.mutate({ revision, by }));
  }

  revisions(query: RevisionQuery): Promise<Revision[]> {
    return answered(this.#client.revisions.query(query));
  }

  revision(id: number): Promise<RevisionTexts> {
    return answered(this.#client.revision.query(id));
  }

  saveBoot(): Promise<BootStatus> {
    return answered(this.#client.saveBoot.mutate(null));
  }

  bootStatus(): Promise<BootStatus> {
    return answered(this.#client.bootStatus.query());
  }

  zero(service: ServiceKey | null): Promise<void> {
    return answered(this.#client.zero.mutate(service));
  }

  clear(): Promise<void> {
    return answered(this.#client.clear.mutate(null));
  }

  connections(query: ConnectionQueryInput, signal?: AbortSignal): Promise<ConnectionPage> {
    return answered(this.#reads.connections.query(query, signal ? { signal } : {}));
  }

  connectionsProgress(name: string): Promise<ReadProgress | null> {
    return answered(this.#client.connectionsProgress.query(name));
  }

  cancelConnections(name: string): Promise<boolean> {
    return answered(this.#client.cancelConnections.mutate(name));
  }

  timeouts(): Promise<Timeouts> {
    return answered(this.#client.timeouts.query());
  }

  setTimeouts(timeouts: Timeouts): Promise<Timeouts> {
    return answered(this.#client.setTimeouts.mutate(timeouts));
  }

  daemons(): Promise<SyncDaemon[]> {
    return answered(this.#client.daemons.query());
  }

  startDaemon(daemon: SyncDaemonSpec): Promise<SyncDaemon[]> {
    return answered(this.#client.startDaemon.mutate(daemon));
  }

  stopDaemon(role: SyncRole): Promise<SyncDaemon[]> {
    return answered(this.#client.stopDaemon.mutate(role));
  }

  doctor(): Promise<DoctorReport> {
    return answered(this.#client.doctor.query());
  }

  managers(): Promise<FoundManager[]> {
    return answered(this.#client.managers.query());
  }

  localAddresses(service: ServiceKey): Promise<LocalAddress[]> {
    return answered(this.#client.localAddresses.query(service));
  }

  addLocalAddresses(service: ServiceKey, addresses: readonly string[]): Promise<LocalAddress[]> {
    return answered(this.#client.addLocalAddresses.mutate({ service, addresses }));
  }

  removeLocalAddresses(service: ServiceKey, addresses: readonly string[]): Promise<LocalAddress[]> {
    return answered(this.#client.removeLocalAddresses.mutate({ service, addresses }));
  }

  flushLocalAddresses(service: ServiceKey): Promise<LocalAddress[]> {
    return answered(this.#client.flushLocalAddresses.mutate(service));
  }

  interfaces(): Promise<HostInterface[]> {
    return answered(this.#client.interfaces.query());
  }

  sysctls(): Promise<Sysctl[]> {
    return answered(this.#client.sysctls.query());
  }

  setSysctl(name: string, value: string, expected?: string): Promise<Sysctl> {
    return answered(this.#client.setSysctl.mutate({ name, value, expected }));
  }

  modules(): Promise<IpvsModules> {
    return answered(this.#client.modules.query());
  }

  history(query: HistoryQuery): Promise<RowHistory[]> {
    return answered(this.#client.history.query(query));
  }

  /** Names the rows that `watcher` (the name given to samples()) has on screen. */
  watch(watcher: string, ids: readonly string[]): Promise<void> {
    return answered(this.#client.watch.mutate({ watcher, ids: [...ids] }));
  }

  /**
   * The director's samples as they come, the first with the whole table, until `signal` aborts or the stream
   * ends. Rejects with UNREACHABLE when the director is not there or goes away.
   */
  async *samples(watcher: string, signal: AbortSignal): AsyncGenerator<Frame> {
    const reader = new FrameReader();
    try {
      const path = `/samples?watcher=${encodeURIComponent(watcher)}`;
      const answer = await request(`http://director${path}`, { dispatcher: this.#streams, signal });
      if (answer.statusCode !== 200)
        throw new DirectorError("UNREACHABLE", { params: { detail: `HTTP ${answer.statusCode}` } });
      for await (const chunk of answer.body) yield* reader.push(chunk as Uint8Array);
    } catch (thrown) {
      if (signal.aborted) return;
      throw unreachable(thrown);
    }
    throw new DirectorError("UNREACHABLE", { params: { detail: "stream ended" } });
  }

  async close(): Promise<void> {
    await Promise.all([this.#agent, this.#streams, this.#readers].map((agent) => agent.destroy()));
  }
}

function clientOver(dispatcher: Agent) {
  return createTRPCClient<DirectorRouter>({
    links: [
      httpLink({
        url: "http://director/trpc",
        // undici's own fetch: Node's does not take a dispatcher of another undici.
        fetch: (url, options) =>
          fetch(String(url), { ...(options as object), dispatcher }) as unknown as Promise<Response>,
      }),
    ],
  });
}

async function answered<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (thrown) {
    if (!(thrown instanceof TRPCClientError)) throw asDirectorError(thrown);
    const shape = (thrown.data as { director?: ErrorShape } | null | undefined)?.director;
    throw shape ? DirectorError.from(shape) : unreachable(thrown.cause ?? thrown);
  }
}

function unreachable(thrown: unknown): DirectorError {
  if (thrown instanceof DirectorError) return thrown;
  const beneath = thrown instanceof Error ? (thrown.cause ?? thrown) : thrown;
  const code = (beneath as { code?: unknown } | null)?.code;
  return new DirectorError(
    "UNREACHABLE",
    { params: { detail: typeof code === "string" ? code : String(beneath) } },
    thrown,
  );
}
