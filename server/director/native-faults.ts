import { IpvsFault, type Refusal } from "./ipvs.ts";

/**
 * Waits for an answer of the addon; its errors come as IpvsFault of `operation`. One that says of itself that there is no
 * netlink family, or whose ENOENT means that by `missing`, is of the operation `family`.
 */
export async function faulty<T>(operation: string, answer: Promise<T>, { missing }: { missing?: "family" } = {}) {
  try {
    return await answer;
  } catch (error) {
    const { code, errno, message, operation: native } = error as Partial<Refusal> & { operation?: string };
    if (typeof code !== "string" || typeof errno !== "number") throw error;
    const isMissing = native === "family" || (missing !== undefined && code === "ENOENT");
    throw new IpvsFault(
      { code, errno, message: plainText(message ?? code, code, native) },
      isMissing ? "family" : operation,
      error,
    );
  }
}

/** The addon says `ESRCH: No such process, service` as Node does; beside a code of its own the middle is enough. */
function plainText(message: string, code: string, operation: string | undefined): string {
  const words = message.startsWith(`${code}: `) ? message.slice(code.length + 2) : message;
  return operation !== undefined && words.endsWith(`, ${operation}`) ? words.slice(0, -operation.length - 2) : words;
}
