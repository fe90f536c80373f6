// The table itself: what is written, read back, edited, refused and counted.

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { setTimeout as sleep } from "node:timers/promises";
import { command, rowsOf, server, service, verbs } from "./rows.mjs";
import { add, codes, commandBytes, ipvs, none, rowBytes, run, saved, test, web, write } from "./shared.mjs";

test("sizes, and an empty table", async () => {
  assert.deepEqual([rowBytes, commandBytes], [96, 200]);
  const dump = await ipvs.dump();
  assert.equal(dump.rows, 0);
  assert.deepEqual([dump.config.length, dump.counters.length, dump.gauges.length], [0, 0, 0]);
  assert.ok(
    dump.counters instanceof BigUint64Array && dump.gauges instanceof Uint32Array && dump.config instanceof Uint8Array,
  );
});

test("what is written is what ipvsadm shows and what is read back", async () => {
  const persistent = service({
    ...{ protocol: 17, address: "192.0.2.1", port: 5060, scheduler: "sh", engine: "sip" },
    ...{ flags: 0x1 | 0x8 | 0x10, timeoutS: 60, netmask: [255, 255, 255, 0] },
  });
  const six = service({ protocol: 132, address: "2001:db8::1", port: 443, scheduler: "mh", netmask: 128 });
  const mark = service({ family: 2, fwmark: 7, scheduler: "rr" });
  const markSix = service({ family: 10, fwmark: 7, scheduler: "wlc" });
  const gue = server({
    address: "2001:db8::7",
    port: 80,
    forward: 2,
    weight: 3,
    tunnelType: 1,
    tunnelPort: 6080,
    tunnelFlags: 1,
  });
  const nat = server({
    address: "192.0.2.7",
    port: 8080,
    forward: 0,
    weight: 2147483647,
    upperThreshold: 100,
    lowerThreshold: 50,
  });
  const direct = server({ address: "2001:db8::9", port: 443, forward: 3, weight: 0 });
  const faults = await write(
    ...add(web, nat, gue),
    ...add(persistent),
    ...add(six, direct),
    ...add(mark),
    ...add(markSix),
  );
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
    assert.ok(
      read.some((each) => wanted.equals(each)),
      wanted.toString("hex"),
    );
  }
});

test("one service with its servers", async () => {
  const { rows, config } = await ipvs.service(web);
  assert.equal(rows, 3);
  const [first, ...servers] = rowsOf({ rows, config });
  assert.equal(first[0], 0);
  assert.deepEqual(
    servers.map((row) => row[0]),
    [1, 1],
  );
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
  assert.deepEqual(codes(await write(command(verbs.deleteServer, web, server({ address: "2001:db8::7", port: 80 })))), [
    null,
  ]);
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
  assert.match(error.stack, /^Error: ESRCH: No such process, service\n {4}at .*theCaller.*table\.mjs/);
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

test("the rows' array is the same one while nothing changes, and left alone when something does", async () => {
  const first = await ipvs.dump();
  const second = await ipvs.dump();
  assert.equal(second.config, first.config);
  assert.notEqual(second.counters, first.counters);
  const before = Buffer.from(first.config);
  await write(command(verbs.setServer, web, server({ address: "192.0.2.8", port: 80, forward: 3, weight: 77 })));
  const third = await ipvs.dump();
  assert.notEqual(third.config, first.config);
  assert.ok(before.equals(first.config) && !before.equals(third.config));
  third.config.buffer.transfer();
  assert.equal(third.config.length, 0);
  assert.equal((await ipvs.dump()).config.length, before.length);
});
