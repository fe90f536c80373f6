// Calls as such: arguments, order, cost, closing, rights, and a module that comes and goes.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { opened } from "./connection-read.mjs";
import { batch, command, server, service, verbs } from "./rows.mjs";
import { add, addonPath, codes, Ipvs, ipvs, run, test, web, write } from "./shared.mjs";

test("bad arguments are TypeErrors with a sentence, at once", () => {
  const unterminated = Buffer.from(command(verbs.newService, web));
  unterminated.fill(97, 8 + 40, 8 + 56);
  const wrong = [
    [() => ipvs.write(new Uint8Array(199)), /200 bytes/],
    [() => ipvs.write(new Uint8Array(200)), /Command 0 .*no command/],
    [() => ipvs.write(Buffer.concat([command(verbs.flush, null), unterminated])), /Command 1 .*scheduler/],
    [() => ipvs.write("x"), /Uint8Array/],
    [() => ipvs.write(new Uint16Array(100)), /Uint8Array/],
    [() => ipvs.service(new Uint8Array(95)), /96 bytes/],
    [() => ipvs.service(server({ address: "192.0.2.7", port: 1 })), /service/],
    [() => ipvs.startDaemon({ state: 1, interface: "", syncId: 0 }), /interface/],
    [() => ipvs.startDaemon({ state: 1, interface: "lo", syncId: 256 }), /syncId/],
    [() => ipvs.startDaemon({ state: 1, interface: "lo", syncId: 1, group: "here" }), /address/],
    [() => ipvs.startDaemon(), /object/],
    [() => ipvs.stopDaemon(1.5), /state/],
    [() => new Ipvs({ timeoutMs: 0 }), /timeoutMs/],
    [() => new Ipvs({ timeoutMs: "3" }), /timeoutMs/],
    [() => ipvs.addLocalAddress(web, 5), /address/],
  ];
  for (const [call, message] of wrong)
    assert.throws(call, (error) => error instanceof TypeError && message.test(error.message), String(call));
});

test("calls of one instance run in turn, the main thread goes on meanwhile, and instances run beside each other", async () => {
  const other = new Ipvs({ timeoutMs: 2000, receiveBufferBytes: 65536 });
  const order = [];
  let turns = 0;
  const ticker = setInterval(() => turns++, 0);
  const note = (name) => () => order.push(name);
  await Promise.all([
    write(
      ...Array.from({ length: 300 }, (_, i) =>
        command(verbs.newServer, web, server({ address: `10.9.${i >> 8}.${i & 255}`, port: 1, forward: 0 })),
      ),
    ).then(note("write")),
    ipvs.dump().then((dump) => order.push(dump.rows)),
    ipvs.write(batch(command(verbs.flush, null))).then(note("flush")),
    ipvs.dump().then((dump) => order.push(dump.rows)),
    other.dump(),
  ]);
  clearInterval(ticker);
  assert.deepEqual(order, ["write", 301, "flush", 0]);
  assert.ok(turns > 0);
  other.close();
});

test("11,000 rows: what they cost in messages and system calls", async () => {
  const commands = [];
  for (let i = 0; i < 1000; i++) {
    const row = service({ protocol: 6, address: `10.1.${i >> 8}.${i & 255}`, port: 80, scheduler: "wlc" });
    commands.push(command(verbs.newService, row));
    for (let j = 0; j < 10; j++)
      commands.push(
        command(verbs.newServer, row, server({ address: `10.2.${j}.${i & 255}`, port: 80, forward: 3, weight: j })),
      );
  }
  assert.ok((await write(...commands)).every((fault) => fault === null));
  const dump = await ipvs.dump();
  assert.equal(dump.rows, 11_000);
  assert.equal(dump.messages, 12_001);
  // One for the services, one for the servers of each.
  assert.ok(dump.receives <= 1_010, `${dump.receives} receives`);
  assert.ok(dump.workerNs > 0);
  await write(command(verbs.flush, null));
});

test("a closed instance: what runs ends, what waits is cancelled, what comes later is refused", async () => {
  const brief = new Ipvs();
  const settled = Promise.allSettled([brief.dump(), brief.dump(), brief.info()]);
  brief.close();
  brief.close();
  const outcomes = (await settled).map((each) => each.reason?.code ?? "done");
  assert.deepEqual(outcomes, ["done", "ECANCELED", "ECANCELED"]);
  await assert.rejects(brief.dump(), { code: "EBADF", operation: "dump" });
});

test("a thread, or a process, that ends under its calls ends as it should", async () => {
  const source = `const { Ipvs } = require(${JSON.stringify(addonPath)});
    (async () => { const ipvs = new Ipvs(); for (;;) { ipvs.dump(); await ipvs.info(); } })();`;
  for (let i = 0; i < 5; i++) {
    const worker = new Worker(source, { eval: true });
    await once(worker, "online");
    await sleep(100 + 20 * i);
    await worker.terminate();
  }
  assert.equal((await ipvs.dump()).rows, 0);
  const script = `${source} setTimeout(() => process.exit(7), 300);`;
  const child = spawnSync(process.execPath, ["-e", script], { encoding: "utf8", timeout: 20_000 });
  assert.deepEqual([child.status, child.stderr], [7, ""]);
});

test("without the capability: EPERM", () => {
  const script = `const { Ipvs } = require(${JSON.stringify(addonPath)}); new Ipvs().dump().catch((e) => console.log(e.code, e.errno, e.operation));`;
  const child = spawnSync(process.execPath, ["-e", script], {
    uid: 65534,
    gid: 65534,
    encoding: "utf8",
    timeout: 20_000,
  });
  assert.equal(child.stdout, "EPERM 1 dump\n", child.stderr);
});

test("after the module was unloaded and loaded again, the same instance goes on", async () => {
  await write(...add(web));
  assert.equal((await ipvs.dump()).rows, 1);
  const unload = () => {
    const loaded = readFileSync("/proc/modules", "utf8").match(/^ip_vs\w*/gm);
    for (const name of loaded.filter((each) => each !== "ip_vs")) run("rmmod", name);
    run("rmmod", "ip_vs");
  };
  const modprobe = readFileSync("/proc/sys/kernel/modprobe", "utf8").trim();
  await ipvs.write(batch(command(verbs.flush, null)));
  const read = await opened({});
  assert.equal((await read.run(0)).state, 1);
  unload();
  // The file went with the module, whoever has it open.
  await assert.rejects(read.run(1000), { code: "EIO", errno: 5, operation: "run" });
  assert.equal(read.progress().state, 3);
  await assert.rejects(opened({}), { code: "ENOENT", operation: "open" });
  read.close();
  // The look-up of the family makes the kernel load the module by itself.
  assert.equal((await ipvs.dump()).rows, 0);
  assert.deepEqual(codes(await write(...add(web))), [null]);

  await write(command(verbs.flush, null));
  unload();
  writeFileSync("/proc/sys/kernel/modprobe", "/bin/false");
  await assert.rejects(ipvs.dump(), { code: "ENOENT", errno: 2, operation: "family" });
  await assert.rejects(write(...add(web)), { code: "ENOENT", operation: "family" });
  writeFileSync("/proc/sys/kernel/modprobe", modprobe);
  run(modprobe, "ip_vs");
  assert.deepEqual(codes(await write(...add(web))), [null]);
  assert.equal((await ipvs.dump()).rows, 1);
});
