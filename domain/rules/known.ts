import type { Protocol } from "../service.ts";
import { Definitions } from "./definitions.ts";
import type { DraftService } from "./statement.ts";

/** What parts of one text were read as, for as long as the call that reads it: most lines repeat the service of the one above. */
export class Known {
  /**
   * Services by protocol and by what stands behind their option. One that something was said of or that holds a name is
   * not among them, since both tell where they stand.
   */
  readonly services: Record<Protocol, Map<string, DraftService>> = { tcp: new Map(), udp: new Map(), sctp: new Map() };
  readonly definitions = new Definitions();
}
