// The addon on a real kernel, with ipvsadm and /proc as its witnesses. Ends with `N passed, N failed`.
//
//   node e2e/kernel/run.mjs node native/test/addon.kernel.mjs
//
// Takes the whole IPVS table for itself, unloads the module and changes the kernel's modprobe: for the guest only.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { batch, command, rowsOf, server, service, verbs } from "./rows.mjs";

const path = new URL("../../build/Release/ipvs.node", import.meta.url).pathname;
const { Ipvs, rowBytes, commandBytes } = createRequire(import.meta.url)(path);
const ipvs = new Ipvs();

const run = (name, ...args) => execFileSync(name, args, { encoding: "utf8" });
const saved = () => run("ipvsadm", "-Sn").trim().split("\n").sort();
const write = (...commands) => ipvs.write(batch(...commands));
const codes = (faults) => faults.map((fault) => fault?.code ?? null);
const add = (row, ...servers) => [command(verbs.newService, row), ...servers.map((each) => command(verbs.newServer, row, each))];

const web = service({ protocol: 6, address: "192.0.2.1", port: 80, scheduler: "wrr" });
const none = service({ protocol: 6, address: "192.0.2.99", port: 80, scheduler: "rr" });

const tests = [];
const test = (name, body) => tests.push({ name, body });

test("sizes, and an empty table", async () => {
  assert.deepEqual([rowBytes, commandBytes], [96, 200]);
  const dump = await ipvs.dump();
  assert.equal(dump.rows, 0);
  assert.deepEqual([dump.config.length, dump.counters.length, dump.gauges.length], [0, 0, 0]);
  assert.ok(dump.counters instanceof BigUint64Array && dump.gauges instanceof Uint32Array && dump.config instanceof Uint8Array);
});

test("what is written is what ipvsadm shows and what is read back", async () => {
  const persistent = service({
    ...{ protocol: 17, address: "192.0.2.1", port: 5060, scheduler: "sh", engine: "sip" },
    ...{ flags: 0x1 | 0x8 | 0x10, timeoutS: 60, netmask: [255, 255, 255, 0] },
  });
  const six = service({ protocol: 132, address: "2001:db8::1", port: 443, scheduler: "mh", netmask: 128 });
  const mark = service({ family: 2, fwmark: 7, scheduler: "rr" });
  const markSix = service({ family: 10, fwmark: 7, scheduler: "wlc" });
  const gue = server({ address: "2001:db8::7", port: 80, forward: 2, weight: 3, tunnelType: 1, tunnelPort: 6080, tunnelFlags: 1 });
  const nat = server({ address: "192.0.2.7", port: 8080, forward: 0, weight: 2147483647, upperThreshold: 100, lowerThreshold: 50 });
  const direct = server({ address: "2001:db8::9", port: 443, forward: 3, weight: 0 });
  const faults = await write(...add(web, nat, gue), ...add(persistent), ...add(six, direct), ...add(mark), ...add(markSix));
  assert.deepEqual(codes(faults), Array(8).fill(null));

  assert.deepEqual(
    saved(),
    [
      "-A -t 192.0.2.1:80 -s wrr",
      "-a -t 192.0.2.1:80 -r 192.0.2.7:8080 -m -w 2147483647",
      "-a -t 192.0.2.1:80 -r [2001:db8::7]:80 -i -w 3 --tun-type gue --tun-port 6080 --tun-csum",
      "-A -u 192.0.2.1:5060 -s sh -p 60 -M 255.255.255.0 --pe sip -b sh-fallback,sh-port",
      "-A --sctp-service [2001:db8::1]:443 -s mh",
      "-a --sctp-service [2001:db8::1]:443 -r [2001:db8::9]:443 -g -w 0",
      "-A -f 7 -s rr",
      "-A -f 7 -6 -s wlc",
    ].sort(),
  );
  assert.match(run("ipvsadm", "-Ln", "--thresholds"), /192\.0\.2\.7:8080 +100 +50 /);

  const read = rowsOf(await ipvs.dump());
  assert.equal(read.length, 8);
  for (const row of [web, nat, gue, persistent, six, direct, mark, markSix]) {
    const wanted = Buffer.from(row);
    // The kernel marks every service as hashed.
    if (wanted[0] === 0) wanted[28] |= 2;
    assert.ok(read.some((each) => wanted.equals(each)), wanted.toString("hex"));
  }
});

test("one service with its servers", async () => {
  const { rows, config } = await ipvs.service(web);
  assert.equal(rows, 3);
  const [first, ...servers] = rowsOf({ rows, config });
  assert.equal(first[0], 0);
  assert.deepEqual(servers.map((row) => row[0]), [1, 1]);
});

test("edits: the whole record, and only the flags that the mask names", async () => {
  await write(command(verbs.setService, service({ ...web.fields, scheduler: "wlc", flags: 1, timeoutS: 30 }), null, 0));
  assert.ok(saved().includes("-A -t 192.0.2.1:80 -s wlc"));
  await write(command(verbs.setService, service({ ...web.fields, scheduler: "rr", flags: 1, timeoutS: 30 }), null, 1));
  assert.ok(saved().includes("-A -t 192.0.2.1:80 -s rr -p 30"));
  await write(command(verbs.setServer, web, server({ address: "192.0.2.7", port: 8080, forward: 0, weight: 9 })));
  assert.ok(saved().includes("-a -t 192.0.2.1:80 -r 192.0.2.7:8080 -m -w 9"));
});

test("a server of another family is found and removed", async () => {
  assert.deepEqual(codes(await write(command(verbs.deleteServer, web, server({ address: "2001:db8::7", port: 80 })))), [null]);
  assert.ok(!saved().some((line) => line.includes("2001:db8::7")));
});

test("refusals, each beside its command, and the later commands run", async () => {
  const good = server({ address: "192.0.2.8", port: 80, forward: 3, weight: 1 });
  const faults = await write(
    command(verbs.newService, web),
    command(verbs.deleteService, none),
    command(verbs.deleteServer, web, good),
    command(verbs.newService, service({ ...none.fields, scheduler: "nosuch" })),
    command(verbs.newServer, web, server({ ...good.fields, address: "224.0.0.1" })),
    command(verbs.newServer, web, server({ ...good.fields, lowerThreshold: 2, upperThreshold: 1 })),
    command(verbs.newServer, web, server({ ...good.fields, weight: -1 })),
    command(verbs.newService, service({ ...none.fields, family: 99 })),
    command(verbs.newServer, none, good),
    command(verbs.newServer, web, good),
  );
  const wanted = ["EEXIST", "ESRCH", "ENOENT", "ENOENT", "EINVAL", "ERANGE", "ERANGE", "EAFNOSUPPORT", "ESRCH", null];
  assert.deepEqual(codes(faults), wanted);
  assert.deepEqual(faults[0], { code: "EEXIST", errno: 17, message: "File exists" });
  assert.ok(saved().includes("-a -t 192.0.2.1:80 -r 192.0.2.8:80 -g -w 1"));
});

test("a refused call is an Error with the stack of its caller", async () => {
  async function theCaller() {
    await ipvs.service(none);
  }
  const error = await theCaller().catch((caught) => caught);
  assert.ok(error instanceof Error);
  assert.deepEqual({ ...error }, { code: "ESRCH", errno: 3, operation: "service" });
  assert.equal(error.message, "ESRCH: No such process, service");
  assert.match(error.stack, /^Error: ESRCH: No such process, service\n {4}at .*theCaller.*addon\.kernel\.mjs/);
});

test("counters and gauges are ipvsadm's", async () => {
  run("ip", "addr", "add", "198.51.100.1/32", "dev", "lo");
  run("ip", "addr", "add", "198.51.100.2/32", "dev", "lo");
  const busy = service({ protocol: 17, address: "198.51.100.1", port: 9999, scheduler: "rr" });
  await write(...add(busy, server({ address: "198.51.100.2", port: 9998, forward: 0, weight: 1 })));
  const sink = createSocket("udp4");
  const received = new Promise((resolve) => sink.once("message", resolve));
  await new Promise((resolve) => sink.bind(9998, "198.51.100.2", resolve));
  const sockets = [createSocket("udp4"), createSocket("udp4"), createSocket("udp4")];
  for (const each of sockets) for (let i = 0; i < 4; i++) each.send(Buffer.alloc(100), 9999, "198.51.100.1");
  await received;
  await sleep(5000);
  const { rows, counters, gauges } = await ipvs.service(busy);
  for (const each of [sink, ...sockets]) each.close();
  assert.equal(rows, 2);
  assert.deepEqual([...counters.subarray(0, 5)], [3n, 12n, 0n, 12n * 128n, 0n]);
  assert.deepEqual(counters.slice(5), counters.slice(0, 5));
  assert.deepEqual([...gauges], [0, 3, 0, 0, 3, 0]);
  const line = /198\.51\.100\.1:9999 +(.*)/.exec(run("ipvsadm", "-Ln", "--stats", "--exact"))[1];
  assert.deepEqual(line.trim().split(/ +/).map(BigInt), [...counters.subarray(0, 5)]);

  await write(command(verbs.zero, busy));
  assert.deepEqual([...(await ipvs.service(busy)).counters.subarray(0, 5)], [0n, 0n, 0n, 0n, 0n]);
  assert.deepEqual(codes(await write(command(verbs.zero, none), command(verbs.zero, null))), ["ESRCH", null]);
});

test("version, and timeouts read and written", async () => {
  const info = await ipvs.info();
  assert.equal(info.version, 0x010201);
  assert.match(readFileSync("/proc/net/ip_vs", "utf8"), new RegExp(`size=${info.connectionTableSize}\\)`));
  assert.deepEqual(await ipvs.timeouts(), { tcpS: 900, tcpFinS: 120, udpS: 300 });
  await ipvs.setTimeouts({ tcpS: 901, tcpFinS: 0, udpS: 301 });
  assert.match(run("ipvsadm", "-L", "--timeout"), /901 120 301/);
  await assert.rejects(ipvs.setTimeouts({ tcpS: 4294967295, tcpFinS: 0, udpS: 0 }), { code: "EINVAL", operation: "setTimeouts" });
  assert.throws(() => ipvs.setTimeouts({ tcpS: -1, tcpFinS: 0, udpS: 0 }), TypeError);
});

test("sync daemons", async () => {
  run("ip", "link", "set", "lo", "multicast", "on");
  await write(command(verbs.flush, null));
  assert.deepEqual(await ipvs.daemons(), []);
  const master = { state: 1, interface: "lo", syncId: 7, maxLength: 1400, group: "224.0.0.82", port: 8849, ttl: 3 };
  await ipvs.startDaemon(master);
  await ipvs.startDaemon({ state: 2, interface: "lo", syncId: 8, group: "ff02::51", port: 8850 });
  const [first, second] = await ipvs.daemons();
  assert.deepEqual(first, master);
  assert.deepEqual([second.state, second.syncId, second.group, second.port, second.ttl], [2, 8, "ff02::51", 8850, 1]);
  assert.match(run("ipvsadm", "-L", "--daemon"), /master sync daemon \(mcast=lo, syncid=7, maxlen=1400, group=224\.0\.0\.82, port=8849, ttl=3\)/);
  await assert.rejects(ipvs.startDaemon(master), { code: "EEXIST" });
  await ipvs.stopDaemon(1);
  await ipvs.stopDaemon(2);
  assert.deepEqual(await ipvs.daemons(), []);
  await assert.rejects(ipvs.stopDaemon(1), { code: "ESRCH" });
  await assert.rejects(ipvs.startDaemon({ ...master, interface: "nosuch0" }), { code: "ENODEV" });
  await assert.rejects(ipvs.startDaemon({ ...master, group: "192.0.2.1" }), { code: "EINVAL" });
});

test("a daemon that is stopped before it ever ran is stopped at once", async () => {
  for (let i = 0; i < 5; i++) {
    const started = ipvs.startDaemon({ state: 2, interface: "lo", syncId: 8 });
    const stopped = ipvs.stopDaemon(2);
    await Promise.all([started, stopped]);
    assert.deepEqual(await ipvs.daemons(), []);
  }
});

test("local addresses belong to another kernel", async () => {
  await write(...add(web));
  await assert.rejects(ipvs.localAddresses(web), { code: "EOPNOTSUPP", errno: 95, operation: "localAddresses" });
  await assert.rejects(ipvs.addLocalAddress(web, "192.0.2.50"), { code: "EOPNOTSUPP" });
  await assert.rejects(ipvs.removeLocalAddress(web, "2001:db8::50"), { code: "EOPNOTSUPP" });
});

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
  for (const [call, message] of wrong) assert.throws(call, (error) => error instanceof TypeError && message.test(error.message), String(call));
});

test("calls of one instance run in turn, the main thread goes on meanwhile, and instances run beside each other", async () => {
  const other = new Ipvs({ timeoutMs: 2000, receiveBufferBytes: 65536 });
  const order = [];
  let turns = 0;
  const ticker = setInterval(() => turns++, 0);
  const note = (name) => () => order.push(name);
  await Promise.all([
    write(...Array.from({ length: 300 }, (_, i) => command(verbs.newServer, web, server({ address: `10.9.${i >> 8}.${i & 255}`, port: 1, forward: 0 })))).then(note("write")),
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
    for (let j = 0; j < 10; j++) commands.push(command(verbs.newServer, row, server({ address: `10.2.${j}.${i & 255}`, port: 80, forward: 3, weight: j })));
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

test("without the capability: EPERM", () => {
  const script = `const { Ipvs } = require(${JSON.stringify(path)}); new Ipvs().dump().catch((e) => console.log(e.code, e.errno, e.operation));`;
  const child = spawnSync(process.execPath, ["-e", script], { uid: 65534, gid: 65534, encoding: "utf8", timeout: 20_000 });
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
  unload();
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

let failed = 0;
for (const { name, body } of tests) {
  try {
    await body();
    console.log(`ok    ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n${error.stack}`);
  }
}
console.log(`${tests.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
