import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Makes a key and a certificate for "localhost" in `folder`, as NAME.key and NAME.crt, with openssl(1). For tests. */
export function selfSigned(folder: string, name: string): { certFile: string; keyFile: string } {
  const [keyFile, certFile] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const subject = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", keyFile];
  execFileSync("openssl", ["req", "-x509", ...key, "-out", certFile, "-days", "2", ...subject], { stdio: "pipe" });
  return { certFile, keyFile };
}
