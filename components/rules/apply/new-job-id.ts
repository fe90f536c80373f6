/** A name for work that is to be followed. Browsers have randomUUID() only where the page came over TLS or from this machine. */
export function newJobId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
