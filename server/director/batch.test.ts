import { describe, expect, it } from "vitest";
import { interruptedSubject } from "./contract/interrupted-subject.ts";
import { addServer, broadcast, dns, drain, http, server, setWeight, web1, web2 } from "./contract/samples.ts";
import { refusal, settings } from "./contract/subject.ts";
import { IpvsFault } from "./ipvs.ts";

const timedOut = new IpvsFault({ code: "ETIMEDOUT", errno: 110, message: "no answer" }, "write");
const refusedServer = addServer(dns, server({ address: broadcast }));

describe("when an answer is lost", () => {
  it("finds that all was done after all", async () => {
    const { director } = await interruptedSubject(async (write, commands, call) => {
      const answer = await write(commands);
      if (call === 0) throw timedOut;
      return answer;
    });
    const {
      results: [result],
    } = await director.apply([setWeight(http, web1, 9), addServer(dns, web1)]);
    expect(result).toMatchObject({ kind: "server", record: { spec: { weight: 9 } } });
  });

  it("takes back the part that was done", async () => {
    const { director, before } = await interruptedSubject(async (write, commands, call) => {
      if (call > 0) return write(commands);
      await write(commands.slice(0, 2));
      throw timedOut;
    });
    const changes = [
      setWeight(http, web1, 9),
      { verb: "remove-service", service: dns } as const,
      setWeight(http, web2, 9),
    ];
    expect(await refusal(director.apply(changes))).toMatchObject({
      code: "TIMED_OUT",
      params: { detail: "ETIMEDOUT: no answer" },
    });
    expect(await settings(director)).toEqual(before);
  });

  it("keeps a drained weight when nobody can tell whether the server was drained", async () => {
    const { director, ipvs, drained } = await interruptedSubject(async (write, commands) => {
      await write(commands);
      ipvs.fail("ETIMEDOUT");
      throw timedOut;
    });
    expect((await refusal(director.apply([drain(http, web2)]))).code).toBe("TIMED_OUT");
    ipvs.fail(null);
    expect(drained.weightOf("tcp:192.0.2.10:80>10.0.0.2:80")).toBe(2);
    expect(
      (await director.service(http)).servers.find(({ spec }) => spec.address === web2.address)?.drainedWeight,
    ).toBe(2);
  });
});

describe("when taking back fails", () => {
  const changes = [
    setWeight(http, web1, 9),
    { verb: "remove-service", service: dns } as const,
    refusedServer,
  ].toReversed();

  it("says what is left as it should not be", async () => {
    const { director } = await interruptedSubject(async (write, commands, call) => {
      // Another manager removes the server between the two.
      if (call === 1)
        await write([{ command: "delete-server", service: http, server: { address: "10.0.0.1", port: 80 } }]);
      return write(commands);
    });
    const shape = await refusal(director.apply(changes));
    expect(shape).toMatchObject({
      code: "ROLLBACK_FAILED",
      changeIndex: 0,
      params: { left: 1, refusal: "REFUSED", detail: "tcp:192.0.2.10:80>10.0.0.1:80" },
    });
  });

  it("names all of it when the kernel does not answer any more, but not more than a screen takes", async () => {
    const { director } = await interruptedSubject(async (write, commands, call) => {
      if (call >= 1) throw timedOut;
      return write(commands);
    });
    const added = Array.from({ length: 14 }, (_, index) => addServer(http, server({ address: `10.0.1.${index}` })));
    const shape = await refusal(director.apply([...added, refusedServer]));
    expect(shape).toMatchObject({ code: "ROLLBACK_FAILED", changeIndex: 14, params: { left: 14, refusal: "REFUSED" } });
    expect(String(shape.params["detail"])).toMatch(/^(tcp:[^,]*, ){9}tcp:[^,]* … \+4$/);
  });
});
