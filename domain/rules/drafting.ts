import { tunnelTypes } from "../real-server.ts";
import { canonicalNetmask, defaultPersistenceS, defaultScheduler, maxPersistenceS } from "../service.ts";
import { inetAton, isQuad } from "./address-text.ts";
import { parseHostPort } from "./host-port.ts";
import type { Known } from "./known.ts";
import { areDigits, numberOf } from "./number.ts";
import type { Remarks, Span } from "./problem.ts";
import type { Given } from "./scan.ts";
import { draftFamily, draftService } from "./service-draft.ts";
import type { DraftServer, DraftService, DraftSpec, Part } from "./statement.ts";
import { spanOf } from "./tokens.ts";

const weightMax = 2_147_483_647;
const forwardOf: Record<string, DraftServer["forward"]> = { masquerading: "nat", ipip: "tunnel", gatewaying: "direct" };

/** What the options of one line add up to, taken in their order, because ipvsadm's meaning depends on it. */
export class Drafting {
  service: DraftService | null = null;
  server: Pick<DraftServer, "address" | "port" | "portFrom"> | null = null;
  readonly spec: DraftSpec = {
    scheduler: defaultScheduler,
    schedulerFlags: [],
    timeoutS: null,
    netmask: null,
    onePacket: false,
    engine: null,
  };
  forward: DraftServer["forward"] = "direct";
  weight = 1;
  upperThreshold = 0;
  lowerThreshold = 0;
  readonly tunnel: DraftServer["tunnel"] = { type: "ipip", port: 0, checksum: "none" };
  readonly spans: Partial<Record<Part, Span>> = {};
  flags: Given | null = null;
  netmaskGiven: Given | null = null;
  /** what -M was taken for, where it is not written out; only to be told when it is not lost */
  shortNetmask: { text: string; netmask: string; write: string } | null = null;
  readonly #remarks: Remarks;
  readonly #known: Known;

  constructor(remarks: Remarks, known: Known) {
    this.#remarks = remarks;
    this.#known = known;
  }

  take(given: Given): void {
    const { value, option } = given;
    const span = value ? spanOf(value) : given;
    switch (option.group ?? option.long) {
      case "service":
        this.service = draftService(given, this.#remarks, this.#known);
        this.spans.service = span;
        this.#familyKnown();
        return;
      case "ipv6":
        if (this.service?.kind === "fwmark") this.service.family = 6;
        this.#familyKnown();
        return;
      case "scheduler":
        this.spans.scheduler = span;
        if (value?.text === "") this.#remarks.warn("SCHEDULER_EMPTY", given, { scheduler: defaultScheduler });
        this.spec.scheduler = value?.text || defaultScheduler;
        return;
      case "persistent":
        this.spans.timeoutS = span;
        this.spec.timeoutS = value ? numberOf(given, 1, maxPersistenceS, this.#remarks) : defaultPersistenceS;
        return;
      case "netmask":
        this.#netmask(given);
        return;
      case "ops":
        this.spans.onePacket = given;
        this.spec.onePacket = true;
        return;
      case "pe":
        this.spans.engine = span;
        if (value?.text === "") this.#remarks.warn("VALUE_EMPTY", given, { option: given.written });
        this.spec.engine = value?.text || null;
        return;
      case "sched-flags":
        this.flags = given;
        this.spans.schedulerFlags = span;
        return;
      case "real-server":
        this.spans.server = span;
        this.#realServer(given);
        return;
      case "forwarding-method":
        this.spans.forward = given;
        this.forward = forwardOf[option.long] ?? "direct";
        return;
      default:
        this.#number(given, span);
    }
  }

  #number(given: Given, span: Span): void {
    switch (given.option.group) {
      case "weight":
        this.spans.weight = span;
        this.weight = numberOf(given, 0, weightMax, this.#remarks) ?? 1;
        return;
      case "u-threshold":
        this.spans.upperThreshold = span;
        this.upperThreshold = numberOf(given, 0, weightMax, this.#remarks) ?? 0;
        return;
      case "l-threshold":
        this.spans.lowerThreshold = span;
        this.lowerThreshold = numberOf(given, 0, weightMax, this.#remarks) ?? 0;
        return;
      case "tun-port":
        this.tunnel.port = numberOf(given, 1, 65_535, this.#remarks) ?? 0;
        return;
      case "tun-type":
        this.#tunnelType(given);
        return;
      case "tun-csum":
        this.tunnel.checksum = "checksum";
        return;
      case "tun-remcsum":
        this.tunnel.checksum = "remote-checksum";
        return;
    }
  }

  #tunnelType({ value }: Given): void {
    if (!value) return;
    const type = tunnelTypes.find((known) => known === value.text);
    if (type) this.tunnel.type = type;
    else this.#remarks.refuse("TUNNEL_TYPE_UNKNOWN", spanOf(value), { text: value.text });
  }

  /** An IPv6 service sets the mask to 128, whatever -M said before. */
  #familyKnown(): void {
    if (draftFamily(this.service) !== 6 || this.spec.netmask === null || !this.netmaskGiven) return;
    this.#remarks.warn("NETMASK_LOST", this.netmaskGiven, { text: this.netmaskGiven.value?.text ?? "" });
    this.spec.netmask = null;
    this.shortNetmask = null;
  }

  #netmask(given: Given): void {
    const { value } = given;
    if (!value) return;
    const span = spanOf(value);
    const { text } = value;
    this.netmaskGiven = given;
    this.spans.netmask = span;
    if (draftFamily(this.service) === 6) {
      const digits = /^[+-]?\d+/.exec(text)?.[0];
      const prefix = Number(digits ?? 0);
      if (prefix < 1 || prefix > 128) {
        this.#remarks.refuse("PREFIX_INVALID", span, { text });
        return;
      }
      if (digits !== text) this.#remarks.warn("PREFIX_CUT", span, { text, prefix });
      this.spec.netmask = String(prefix);
      return;
    }
    const mask = inetAton(text);
    if (mask === null) {
      this.#remarks.refuse("NETMASK_UNREADABLE", span, { text });
      return;
    }
    if (!isQuad(text)) {
      const meant = areDigits(text) ? canonicalNetmask(text, 4) : null;
      this.shortNetmask = { text, netmask: mask, write: meant ?? mask };
    }
    this.spec.netmask = mask;
  }

  #realServer({ value }: Given): void {
    if (!value) return;
    const { service } = this;
    const protocol = service === null ? null : service.kind === "fwmark" ? "tcp" : service.protocol;
    // A service that was refused is not blamed on the server too.
    const read = parseHostPort(value, protocol ?? (this.spans.service ? "tcp" : null), this.#remarks);
    if (!read) return;
    if (read.port !== null) {
      this.server = { address: read.address, port: read.port, portFrom: "text" };
      return;
    }
    const copied = service?.kind === "address" ? service.port : 0;
    this.server = { address: read.address, port: copied, portFrom: this.spans.service ? "service" : "nowhere" };
  }
}
