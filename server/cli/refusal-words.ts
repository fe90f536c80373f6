import type { DirectorError } from "#domain/errors";
import { refusalSentence } from "../words.ts";
import { whoMayOpen } from "./director-socket.ts";

/** Why the director behind `socket` did not do what was asked, and what to do about it, for someone at a terminal. */
export function refusalWords({ shape }: DirectorError, socket: string): string {
  const detail = shape.code === "UNREACHABLE" ? shape.params["detail"] : undefined;
  if (detail === "EACCES" || detail === "EPERM")
    return `The director's socket ${socket} may not be opened: run this as ${whoMayOpen(socket)}.`;
  if (detail === "ENOENT" || detail === "ENOTDIR" || detail === "ECONNREFUSED")
    return `No director answers on ${socket}. Start one (ipvs-console start), or say where it is with --runtime-dir.`;
  return refusalSentence(shape);
}
