import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** Longer than it may be. */
export class TooLong extends Error {}

/** Something that has a file's name and is none: a folder, a pipe, a device. */
export class NotAFile extends Error {}

/**
 * The bytes of a file of the host. Never waits for a pipe that has a file's name, and never reads on without end. Rejects with
 * TooLong beyond `maxBytes`, with NotAFile, and as node:fs does.
 */
export async function readBounded(path: string, maxBytes: number): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw new NotAFile("not a file");
    return await readAll(file, maxBytes);
  } finally {
    await file.close();
  }
}

/** Files of /proc say that they are empty: only reading to the end tells how long they are. */
async function readAll(file: FileHandle, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let length = 0; ; ) {
    const chunk = Buffer.allocUnsafe(Math.min(maxBytes + 1 - length, 64 * 1024));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, bytesRead));
    length += bytesRead;
    if (length > maxBytes) throw new TooLong(`more than ${maxBytes} bytes`);
  }
}
