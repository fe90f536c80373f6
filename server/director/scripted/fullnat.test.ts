/**
 * The verbs of local addresses from the director down to the bytes on the socket, with a scripted FULLNAT kernel at its other
 * end: no such kernel is to be had. The director, its Ipvs and the addon's object code are the product's.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { NativeAddon } from "../addon.ts";
import { localAddressContract } from "../contract/local-addresses.ts";
import { MemoryDrainedWeights } from "../contract/memory-drained-weights.ts";
import { addServer, addService, http, http6, mark6, server } from "../contract/samples.ts";
import { refusal, type Subject } from "../contract/subject.ts";
import { KernelIpvs } from "../kernel.ts";
import { LocalDirector } from "../local.ts";
import { FullnatKernel } from "./fullnat-kernel.ts";
import { answer, attributesIn, flags, type Request } from "./netlink.ts";
import { linkScriptedAddon } from "./scripted-addon.ts";

const folder = mkdtempSync(join(tmpdir(), "scripted-addon-"));
let addon: NativeAddon;
beforeAll(() => {
  addon = linkScriptedAddon(folder);
}, 150_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function scriptedSubject(
  timeoutMs = 5000,
): Promise<Subject & { director: LocalDirector; kernel: FullnatKernel }> {
  const kernel = new FullnatKernel();
  await kernel.listen(join(folder, "peer.sock"));
  const ipvs = new KernelIpvs(addon, { timeoutMs });
  return {
    kernel,
    director: new LocalDirector({ ipvs, drained: new MemoryDrainedWeights() }),
    outside: async (commands) => {
      const refused = (await ipvs.write(commands)).find((each) => each !== null);
      if (refused) throw new Error(`${refused.code}: ${refused.message}`);
    },
    traffic: () => Promise.reject(new Error("a scripted kernel has no traffic")),
    close: async () => {
      ipvs.close();
      await kernel.close();
    },
  };
}

describe("a scripted FULLNAT kernel", () => localAddressContract(scriptedSubject));

const [newAddress, deleteAddress, getAddress] = [18, 19, 20];
const commands = [newAddress, deleteAddress, getAddress] as const;
const hex = (bytes: Buffer | undefined) => bytes?.toString("hex");
const nestOf = (request: Request | undefined, type: number) =>
  Object.fromEntries(
    [...attributesIn(request?.attributes.get(type) ?? Buffer.alloc(0))].map(([at, value]) => [at, hex(value)]),
  );
const addressesOf = (found: { address: string }[]) => found.map(({ address }) => address);

describe("what goes over the socket", () => {
  let subject: Awaited<ReturnType<typeof scriptedSubject>>;
  beforeEach(async () => {
    subject = await scriptedSubject(300);
    await subject.director.apply([addService(http), addService(http6), addService(mark6)]);
  });
  afterEach(() => subject.close());

  it("names the service as every command does, and the address in the nest of its own", async () => {
    const { director, kernel } = subject;
    await director.addLocalAddresses(http, ["192.0.2.21"]);
    await director.addLocalAddresses(http6, ["2001:db8::21"]);
    await director.addLocalAddresses(mark6, ["2001:db8::22"]);
    await director.removeLocalAddresses(http, ["192.0.2.21"]);
    const sent = kernel.asked(newAddress, deleteAddress);
    expect(sent.map(({ command }) => command)).toEqual([18, 18, 18, 19]);
    for (const each of sent) expect([...each.attributes.keys()]).toEqual([1, 7]);
    const service = { 1: "0200", 2: "0600", 3: "c000020a", 4: "0050" };
    expect(nestOf(sent[0], 1)).toEqual(service);
    expect(nestOf(sent[0], 7)).toEqual({ 1: "c0000215" });
    expect(nestOf(sent[1], 1)).toEqual({ 1: "0a00", 2: "0600", 3: `20010db8${"0".repeat(22)}10`, 4: "0050" });
    expect(nestOf(sent[1], 7)).toEqual({ 1: `20010db8${"0".repeat(22)}21` });
    expect(nestOf(sent[2], 1)).toEqual({ 1: "0a00", 5: "07000000" });
    expect(nestOf(sent[3], 1)).toEqual(service);
    expect(nestOf(sent[3], 7)).toEqual({ 1: "c0000215" });
  });

  it("is one question for the kernel's kind, however often that matters", async () => {
    const { director, kernel } = subject;
    for (let i = 0; i < 3; i++) await director.status();
    await director.apply([addServer(http, server({ forward: "fullnat" }))]);
    const asked = kernel.asked(...commands);
    expect(asked.map(({ command }) => command)).toEqual([20]);
    expect((asked[0]?.flags ?? 0) & flags.dump).toBe(flags.dump);
    // And then one for the list itself.
    await director.localAddresses(http);
    expect(kernel.asked(getAddress)).toHaveLength(2);
    expect(nestOf(kernel.asked(getAddress)[1], 1)).toMatchObject({ 3: "c000020a" });
  });

  it("reads what the kernel counts, beyond 32 bits", async () => {
    const { director, kernel } = subject;
    await director.addLocalAddresses(http, ["192.0.2.21"]);
    const [service] = kernel.services.values();
    for (const address of service?.localAddresses.values() ?? [])
      Object.assign(address, { conflicts: 2n ** 40n + 1n, connections: 4_000_000_000 });
    expect(await director.localAddresses(http)).toEqual([
      { address: "192.0.2.21", portConflicts: "1099511627777", connections: 4_000_000_000 },
    ]);
  });

  it("shows a FULLNAT server with its method, 5", async () => {
    const { director, kernel } = subject;
    await director.apply([addServer(http, server({ forward: "fullnat", port: 8080 }))]);
    expect(nestOf(kernel.asked(5)[0], 2)).toMatchObject({ 1: "0a000001", 2: "1f90", 3: "05000000", 4: "01000000" });
    expect((await director.service(http)).servers[0]?.spec.forward).toBe("fullnat");
  });

  it("does not take the established timeout, which such kernels send in an engine's place, for one", async () => {
    const { director, kernel } = subject;
    const [service] = kernel.services.values();
    service?.attributes.set(11, Buffer.from([0x84, 0x03, 0, 0]));
    expect((await director.service(http)).spec.engine).toBeNull();
  });

  it("takes back those before one that is refused", async () => {
    const { director, kernel } = subject;
    await director.addLocalAddresses(http, ["192.0.2.20"]);
    const refuses = (command: number, address: string, errno: number) => {
      kernel.on = (request) =>
        request.command === command && nestOf(request, 7)[1] === address ? answer(request, errno) : undefined;
    };
    refuses(18, "c0000217", 22);
    const adding = director.addLocalAddresses(http, ["192.0.2.21", "192.0.2.22", "192.0.2.23", "192.0.2.24"]);
    expect(await refusal(adding)).toMatchObject({ code: "REFUSED", params: { address: "192.0.2.23" } });
    expect(addressesOf(await director.localAddresses(http))).toEqual(["192.0.2.20"]);
    kernel.on = () => undefined;
    await director.addLocalAddresses(http, ["192.0.2.21"]);
    // Between the list and the request another manager removed it.
    refuses(19, "c0000215", 2);
    expect(await refusal(director.removeLocalAddresses(http, ["192.0.2.20", "192.0.2.21"]))).toMatchObject({
      code: "NO_SUCH_LOCAL_ADDRESS",
      params: { address: "192.0.2.21" },
    });
    expect(addressesOf(await director.localAddresses(http)).sort()).toEqual(["192.0.2.20", "192.0.2.21"]);
    // Which is what a flush is for.
    expect(addressesOf(await director.flushLocalAddresses(http))).toEqual(["192.0.2.21"]);
  });

  it("takes back what was done though its answer was lost", async () => {
    const { director, kernel } = subject;
    kernel.on = (request) => {
      if (request.command !== 18 || nestOf(request, 7)[1] !== "c0000216") return undefined;
      kernel.on = () => undefined;
      const key = [...kernel.services.values()][0];
      const address = Buffer.concat([Buffer.from([192, 0, 2, 22]), Buffer.alloc(12)]);
      key?.localAddresses.set(address.toString("hex"), { address, conflicts: 0n, connections: 0 });
      return null;
    };
    const adding = director.addLocalAddresses(http, ["192.0.2.21", "192.0.2.22"]);
    expect(await refusal(adding)).toMatchObject({ code: "TIMED_OUT", params: { address: "192.0.2.22" } });
    expect(await director.localAddresses(http)).toEqual([]);
  });

  it("names what could not be taken back", async () => {
    const { director, kernel } = subject;
    kernel.on = (request) => {
      const isSecond = request.command === 18 && nestOf(request, 7)[1] === "c0000216";
      return isSecond || request.command === 19 ? answer(request, 12) : undefined;
    };
    expect(await refusal(director.addLocalAddresses(http, ["192.0.2.21", "192.0.2.22"]))).toMatchObject({
      code: "ROLLBACK_FAILED",
      params: { detail: "192.0.2.21", left: 1, refusal: "NO_MEMORY" },
    });
    expect(addressesOf(await director.localAddresses(http))).toEqual(["192.0.2.21"]);
  });

  it("is NO_SUCH_SERVICE when the service goes between question and request", async () => {
    const { director, kernel } = subject;
    kernel.on = (request) => {
      if (request.command === 18) kernel.services.clear();
      return undefined;
    };
    const adding = refusal(director.addLocalAddresses(http, ["192.0.2.21"]));
    expect((await adding).code).toBe("NO_SUCH_SERVICE");
  });
});

describe("a kernel that answers as mainline does", () => {
  it("is asked once, and never again", async () => {
    const { director, kernel, close } = await scriptedSubject();
    kernel.on = (request) => (request.command >= 18 ? answer(request, 95) : undefined);
    await director.apply([addService(http)]);
    expect((await director.status()).fullnat).toBe(false);
    for (let i = 0; i < 3; i++) expect((await refusal(director.localAddresses(http))).code).toBe("NOT_SUPPORTED");
    expect((await refusal(director.apply([addServer(http, server({ forward: "fullnat" }))]))).code).toBe(
      "NOT_SUPPORTED",
    );
    expect(kernel.asked(...commands)).toHaveLength(1);
    expect(kernel.asked(5)).toHaveLength(0);
    await close();
  });

  it("is asked again when its first answer said nothing about it", async () => {
    const { director, kernel, close } = await scriptedSubject();
    await director.apply([addService(http)]);
    kernel.on = (request) => (request.command >= 18 ? answer(request, 1) : undefined);
    expect((await refusal(director.localAddresses(http))).code).toBe("NOT_PERMITTED");
    kernel.on = () => undefined;
    expect(await director.localAddresses(http)).toEqual([]);
    await close();
  });
});
