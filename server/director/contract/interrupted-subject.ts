import type { Command } from "#domain/batch/command";
import type { Refusal } from "../ipvs.ts";
import { addService, dns, threeWebs } from "./samples.ts";
import { simulatedSubject } from "./simulated-subject.ts";
import { settings } from "./subject.ts";

type Write = (commands: readonly Command[]) => Promise<(Refusal | null)[]>;

/** A director with three servers of http and a service dns, whose writes from then on go through `wrap`; `call` counts them from 0. */
export async function interruptedSubject(
  wrap: (write: Write, commands: readonly Command[], call: number) => ReturnType<Write>,
) {
  const subject = await simulatedSubject();
  await subject.director.apply([...threeWebs, addService(dns)]);
  const { ipvs } = subject;
  const write = ipvs.write.bind(ipvs);
  let calls = 0;
  ipvs.write = (commands) => wrap(write, commands, calls++);
  return { ...subject, before: await settings(subject.director), calls: () => calls };
}
