import { describe, expect, it } from "vitest";
import { type MakeSubject, refusal, useSubject } from "./subject.ts";

const usual = { tcpS: 900, tcpFinS: 120, udpS: 300 };

export function settingsContract(make: MakeSubject): void {
  describe("timeouts", () => {
    const subject = useSubject(make);

    it("tells them, sets them, and keeps what is 0", async () => {
      const { director } = subject();
      expect(await director.timeouts()).toEqual(usual);
      expect(await director.setTimeouts({ tcpS: 1000, tcpFinS: 0, udpS: 2_678_400 })).toEqual({
        tcpS: 1000,
        tcpFinS: 120,
        udpS: 2_678_400,
      });
      expect(await director.setTimeouts({ tcpS: 0, tcpFinS: 1, udpS: 0 })).toEqual({
        tcpS: 1000,
        tcpFinS: 1,
        udpS: 2_678_400,
      });
      expect(await director.timeouts()).toEqual({ tcpS: 1000, tcpFinS: 1, udpS: 2_678_400 });
    });

    it("refuses what is no time, and changes none of the three", async () => {
      const { director } = subject();
      const shape = await refusal(director.setTimeouts({ tcpS: 2_678_401, tcpFinS: -1, udpS: "" } as never));
      expect(shape).toMatchObject({
        code: "INVALID",
        problems: [
          { code: "OUT_OF_RANGE", path: ["tcpS"] },
          { code: "OUT_OF_RANGE", path: ["tcpFinS"] },
          { code: "REQUIRED", path: ["udpS"] },
        ],
      });
      expect(await director.timeouts()).toEqual(usual);
    });
  });

  describe("synchronisation daemons", { timeout: 60_000 }, () => {
    const subject = useSubject(make);

    it("starts both roles, each with its settings, and stops them", async () => {
      const { director } = subject();
      expect(await director.daemons()).toEqual([]);
      const master = {
        role: "master",
        interface: "eth0",
        syncId: 7,
        maxLength: 1400,
        group: "239.1.2.3",
        port: 8849,
        ttl: 5,
      } as const;
      expect(await director.startDaemon(master)).toEqual([master]);
      const both = await director.startDaemon({ role: "backup", interface: "eth0", syncId: 255 });
      expect(both).toHaveLength(2);
      expect(both).toContainEqual(master);
      expect(both).toContainEqual({
        role: "backup",
        interface: "eth0",
        syncId: 255,
        maxLength: 1472,
        group: "224.0.0.81",
        port: 8848,
        ttl: 1,
      });
      expect((await director.stopDaemon("master")).map(({ role }) => role)).toEqual(["backup"]);
      expect(await director.stopDaemon("backup")).toEqual([]);
    });

    it("leaves to the kernel what a form left empty", async () => {
      const { director } = subject();
      const typed = {
        role: "backup",
        interface: "eth0",
        syncId: "3",
        maxLength: "",
        group: " ",
        port: null,
        ttl: undefined,
      };
      expect(await director.startDaemon(typed as never)).toEqual([
        { role: "backup", interface: "eth0", syncId: 3, maxLength: 1472, group: "224.0.0.81", port: 8848, ttl: 1 },
      ]);
    });

    it("refuses a second one of a role, and to stop one that does not run", async () => {
      const { director } = subject();
      await director.startDaemon({ role: "master", interface: "eth0", syncId: 1 });
      expect((await refusal(director.startDaemon({ role: "master", interface: "eth0", syncId: 2 }))).code).toBe(
        "DAEMON_RUNNING",
      );
      expect((await director.daemons()).map(({ syncId }) => syncId)).toEqual([1]);
      expect((await refusal(director.stopDaemon("backup"))).code).toBe("DAEMON_NOT_RUNNING");
    });

    it("refuses an interface that the host does not have, at its field", async () => {
      const { director } = subject();
      expect(await refusal(director.startDaemon({ role: "backup", interface: "nope0", syncId: 0 }))).toMatchObject({
        code: "NO_SUCH_INTERFACE",
        field: "interface",
      });
      expect(await director.daemons()).toEqual([]);
    });

    it.each([
      ["a name with a slash", { interface: "eth/0" }, "INTERFACE_INVALID", "interface"],
      ["a name of 16 characters", { interface: "a123456789012345" }, "INTERFACE_INVALID", "interface"],
      ["a name with a space", { interface: "eth 0" }, "INTERFACE_INVALID", "interface"],
      ["the name of a folder", { interface: "." }, "INTERFACE_INVALID", "interface"],
      ["the name of the folder above", { interface: ".." }, "INTERFACE_INVALID", "interface"],
      ["a name of 16 bytes", { interface: "ééééééééé" }, "INTERFACE_INVALID", "interface"],
      ["no name", { interface: "" }, "REQUIRED", "interface"],
      ["an id beyond 8 bits", { syncId: 256 }, "OUT_OF_RANGE", "syncId"],
      ["messages of no length", { maxLength: 0 }, "OUT_OF_RANGE", "maxLength"],
      ["messages longer than a datagram", { maxLength: 65_508 }, "OUT_OF_RANGE", "maxLength"],
      ["a unicast group", { group: "10.0.0.1" }, "GROUP_NOT_MULTICAST", "group"],
      ["a unicast group of IPv6", { group: "2001:db8::1" }, "GROUP_NOT_MULTICAST", "group"],
      ["a group that is no address", { group: "all" }, "ADDRESS_INVALID", "group"],
      ["port 0", { port: 0 }, "OUT_OF_RANGE", "port"],
      ["a TTL beyond 8 bits", { ttl: 256 }, "OUT_OF_RANGE", "ttl"],
      ["a role that is none", { role: "both" }, "WRONG_SHAPE", "role"],
    ])("refuses %s", async (_why, parts, code, path) => {
      const { director } = subject();
      const daemon = { role: "master", interface: "eth0", syncId: 0, ...parts };
      expect(await refusal(director.startDaemon(daemon as never))).toMatchObject({
        code: "INVALID",
        problems: [{ code, path: [path] }],
      });
      expect(await director.daemons()).toEqual([]);
    });
  });
}
