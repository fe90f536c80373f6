import { afterEach, beforeEach } from "vitest";
import type { Command } from "#domain/batch/command";
import { asDirectorError, type ErrorShape } from "#domain/errors";
import type { ServiceKey } from "#domain/service";
import type { ServiceRecord } from "#domain/table";
import type { Director } from "../director.ts";

/**
 * A director under test and the world around it. The host has the scheduler modules but `twos`, the engine `sip`,
 * lo with 127.0.0.1/8 and ::1, and an interface eth0 with an MTU of 1500.
 */
export interface Subject {
  director: Director;
  /** Another manager's commands, behind the director's back; rejects when the kernel refuses one. */
  outside(commands: readonly Command[]): Promise<void>;
  /** Lets clients come to a service of `address` until it has counted some of them. */
  traffic(service: Extract<ServiceKey, { kind: "address" }>): Promise<void>;
  close(): Promise<void>;
}

export type MakeSubject = () => Promise<Subject>;

/** A fresh subject for every test of a describe block. */
export function useSubject(make: MakeSubject): () => Subject {
  let subject: Subject | undefined;
  beforeEach(async () => {
    subject = await make();
  });
  afterEach(async () => {
    await subject?.close();
    subject = undefined;
  });
  return () => {
    if (!subject) throw new Error("used outside of a test");
    return subject;
  };
}

/** The refusal that `promise` ends in; an error when it does not. */
export async function refusal(promise: Promise<unknown>): Promise<ErrorShape> {
  const answer = await promise.then(
    (value) => ({ value }),
    (thrown: unknown) => ({ thrown }),
  );
  if (!("thrown" in answer)) throw new Error(`was not refused, but answered ${JSON.stringify(answer.value)}`);
  return asDirectorError(answer.thrown).shape;
}

/** How everything is set, without what moves and without an order that differs from boot to boot. */
export async function settings(director: Director): Promise<Record<string, unknown>> {
  const services = await director.table();
  return Object.fromEntries(services.map((service) => [service.id, settingsOf(service)]));
}

export function settingsOf({ key, spec, servers }: ServiceRecord): unknown {
  return { key, spec, servers: Object.fromEntries(servers.map((server) => [server.id, server.spec])) };
}
