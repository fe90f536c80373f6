/**
 * Netlink's framing, written a second time and apart from native/: what stands in the kernel's place in tests must not
 * share the addon's mistakes. Little-endian, as the machines are that tests run on. Source: linux/netlink.h, linux/genetlink.h.
 */

export const flags = { request: 1, multi: 2, ack: 4, dump: 0x300 } as const;
const types = { error: 2, done: 3 } as const;

/** attribute type → value; nests are read again with attributesIn() */
export type Attributes = Map<number, Buffer>;

export interface Request {
  type: number;
  flags: number;
  sequence: number;
  command: number;
  attributes: Attributes;
}

/** The whole requests at the start of what came, and what is left behind them. */
export function requestsIn(bytes: Buffer): { requests: Request[]; rest: Buffer } {
  const requests: Request[] = [];
  let at = 0;
  while (bytes.length - at >= 16 && bytes.length - at >= bytes.readUInt32LE(at)) {
    const length = bytes.readUInt32LE(at);
    requests.push({
      type: bytes.readUInt16LE(at + 4),
      flags: bytes.readUInt16LE(at + 6),
      sequence: bytes.readUInt32LE(at + 8),
      command: bytes.readUInt8(at + 16),
      attributes: attributesIn(bytes.subarray(at + 20, at + length)),
    });
    at += align(length);
  }
  return { requests, rest: bytes.subarray(at) };
}

export function attributesIn(bytes: Buffer): Attributes {
  const found: Attributes = new Map();
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt16LE(at);
    if (length < 4 || at + length > bytes.length) throw new Error(`an attribute of ${length} bytes at ${at}`);
    found.set(bytes.readUInt16LE(at + 2) & 0x3fff, Buffer.from(bytes.subarray(at + 4, at + length)));
    at += align(length);
  }
  return found;
}

export function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(align(4 + value.length));
  bytes.writeUInt16LE(4 + value.length, 0);
  bytes.writeUInt16LE(type, 2);
  value.copy(bytes, 4);
  return bytes;
}

/** Not flagged as a nest, as IPVS does not flag its own. */
export function nest(type: number, inner: Iterable<readonly [number, Buffer]>): Buffer {
  return attribute(type, Buffer.concat(Array.from(inner, ([each, value]) => attribute(each, value))));
}

export function record(request: Request, command: number, attributes: Buffer, isPart = false): Buffer {
  const payload = Buffer.concat([Buffer.from([command, 1, 0, 0]), attributes]);
  return message(request.type, isPart ? flags.multi : 0, request.sequence, payload);
}

export function done(request: Request): Buffer {
  return message(types.done, flags.multi, request.sequence, number(0));
}

/** The acknowledgement, or with an errno the refusal. */
export function answer(request: Request, errno: number): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(16, 0);
  header.writeUInt16LE(request.type, 4);
  header.writeUInt32LE(request.sequence, 8);
  return message(types.error, 0x100, request.sequence, Buffer.concat([number(-errno), header]));
}

export function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value | 0, 0);
  return bytes;
}

export function short(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value, 0);
  return bytes;
}

export function long(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value, 0);
  return bytes;
}

function message(type: number, messageFlags: number, sequence: number, payload: Buffer): Buffer {
  const bytes = Buffer.alloc(align(16 + payload.length));
  bytes.writeUInt32LE(16 + payload.length, 0);
  bytes.writeUInt16LE(type, 4);
  bytes.writeUInt16LE(messageFlags, 6);
  bytes.writeUInt32LE(sequence, 8);
  bytes.writeUInt32LE(4711, 12);
  payload.copy(bytes, 16);
  return bytes;
}

function align(length: number): number {
  return (length + 3) & ~3;
}
