import { chmodSync, chownSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "./config.ts";
import type { Account } from "./privileges-account.ts";
import { readPair } from "./web/tls.ts";

/**
 * A private key is usually root's alone, and web is not root: root reads the pair and leaves web a copy in `folder` that
 * its group can read. Called again it replaces the copy, but throws ConfigError and leaves the former one when the
 * new pair cannot be used. Needs root.
 */
export function lendCertificate(
  tls: NonNullable<Config["tls"]>,
  account: Account,
  folder: string,
): NonNullable<Config["tls"]> {
  readPair(tls);
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  chownSync(folder, 0, account.gid);
  chmodSync(folder, 0o750);
  const lent = { certFile: join(folder, "certificate.pem"), keyFile: join(folder, "key.pem") };
  for (const file of ["certFile", "keyFile"] as const) {
    const unfinished = `${lent[file]}.new`;
    writeFileSync(unfinished, readFileSync(tls[file]), { mode: 0o640 });
    chownSync(unfinished, 0, account.gid);
    chmodSync(unfinished, 0o640);
    renameSync(unfinished, lent[file]);
  }
  return lent;
}
