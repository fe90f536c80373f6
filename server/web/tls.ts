import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, Server as TlsServer } from "node:https";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import type { Logger } from "pino";
import { type Config, ConfigError } from "../config.ts";

/**
 * How long a client may take. They bound what is asked, not what is answered: a stream lasts for hours. Idle
 * connections outlast those that proxies keep (60 s and less), or a proxy would now and then ask on one that just closed.
 */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 120_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
  // Notices the peer of a stream that has vanished without a word.
  keepAlive: true,
  keepAliveInitialDelay: 30_000,
};
const handshakeTimeoutMs = 10_000;

/**
 * The server that browsers talk to, not listening yet: HTTPS (TLS 1.2 and newer) when the config names a pair, else
 * HTTP. Throws ConfigError, a sentence, when the pair cannot be used. Whoever speaks HTTP to an HTTPS server is hung up on.
 */
export function createWebServer(config: Pick<Config, "tls">, handler: RequestListener): Server {
  if (config.tls === null) return createServer(limits, handler);
  return createTlsServer({ ...limits, ...readPair(config.tls), handshakeTimeout: handshakeTimeoutMs }, handler);
}

/**
 * On SIGHUP an HTTPS server reads its pair anew, for connections from then on; a pair that cannot be used leaves the
 * former one in use. Both are said in the log. Does nothing for an HTTP server. Returns what ends it.
 */
export function reloadOnSignal(
  server: Server,
  config: Pick<Config, "tls">,
  log: Pick<Logger, "info" | "error">,
): () => void {
  const { tls } = config;
  if (tls === null || !(server instanceof TlsServer)) return () => {};
  const reload = () => {
    try {
      const pair = readPair(tls);
      server.setSecureContext(pair);
      log.info({ file: tls.certFile, validTo: validTo(pair.cert) }, "certificate read anew");
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      log.error({ reason: error.message }, "the new certificate cannot be used, the former one stays");
    }
  };
  process.on("SIGHUP", reload);
  return () => void process.off("SIGHUP", reload);
}

/** ISO 8601. The first certificate of a chain is the server's own. */
function validTo(pem: Buffer): string {
  return new X509Certificate(pem).validToDate.toISOString();
}

/** The pair as it is on disk now. Throws ConfigError, a sentence, when it cannot be read or is no pair. */
export function readPair(tls: NonNullable<Config["tls"]>): SecureContextOptions & { cert: Buffer } {
  const cert = readSetting("TLS_CERT", tls.certFile);
  const key = readSetting("TLS_KEY", tls.keyFile);
  const pair = { cert, key, minVersion: "TLSv1.2" } as const;
  try {
    createSecureContext(pair);
    validTo(cert);
    return pair;
  } catch (error) {
    const reason = (error as Error).message;
    throw new ConfigError(
      `TLS_CERT is "${tls.certFile}" and TLS_KEY is "${tls.keyFile}"; they cannot be used: ${reason}.`,
    );
  }
}

function readSetting(name: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ConfigError(`${name} is "${file}"; it cannot be read: ${(error as Error).message}.`);
  }
}
