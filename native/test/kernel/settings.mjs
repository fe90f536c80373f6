// What stands beside the table: version, timeouts, sync daemons, local addresses.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { command, verbs } from "./rows.mjs";
import { add, ipvs, run, test, web, write } from "./shared.mjs";

test("version, and timeouts read and written", async () => {
  const info = await ipvs.info();
  assert.equal(info.version, 0x010201);
  assert.match(readFileSync("/proc/net/ip_vs", "utf8"), new RegExp(`size=${info.connectionTableSize}\\)`));
  assert.deepEqual(await ipvs.timeouts(), { tcpS: 900, tcpFinS: 120, udpS: 300 });
  await ipvs.setTimeouts({ tcpS: 901, tcpFinS: 0, udpS: 301 });
  assert.match(run("ipvsadm", "-L", "--timeout"), /901 120 301/);
  await assert.rejects(ipvs.setTimeouts({ tcpS: 4294967295, tcpFinS: 0, udpS: 0 }), {
    code: "EINVAL",
    operation: "setTimeouts",
  });
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
  assert.match(
    run("ipvsadm", "-L", "--daemon"),
    /master sync daemon \(mcast=lo, syncid=7, maxlen=1400, group=224\.0\.0\.82, port=8849, ttl=3\)/,
  );
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
