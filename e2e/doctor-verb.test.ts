import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type DoctorReport, doctorReportSchema } from "#domain/doctor";
import { simulatedSubject } from "#server/director/contract/simulated-subject";
import { Sampler } from "#server/director/sampler";
import { createDirectorServer } from "#server/director/serve";
import { listenOnSocket } from "#server/director/socket";
import { createLog } from "#server/log";
import { runVerb } from "./command-line.ts";
import { type RunningProcess, startProcess } from "./product.ts";

// Each run is a process of its own.
vi.setConfig({ testTimeout: 30_000 });

let folder: string;
let director: RunningProcess | null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "doctor-verb-"));
  director = null;
});
afterEach(async () => {
  await director?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => runVerb(folder, ["doctor", "--runtime-dir", join(folder, "run"), ...args]);

describe("ipvs-console doctor", () => {
  test("lists what is wrong, worst first, with its command, and ends with 1 for an error", async () => {
    director = await startProcess("director", folder, { DIRECTOR: "simulated" });
    const json = await run("--json");
    expect(json).toMatchObject({ code: 1, err: "" });
    const { findings } = doctorReportSchema.parse(JSON.parse(json.out));
    expect(findings[0]).toMatchObject({ verdict: "error", code: "VIP_NOT_LOCAL" });

    const listed = await run();
    expect(listed).toMatchObject({ code: 1, err: "" });
    expect(listed.out).toMatch(/^Simulated: /);
    expect(listed.out).toContain(
      "\nError    Service addresses on this host: One service address is on no interface of this host: 198.51.100.20.\n",
    );
    expect(listed.out).toContain("\n         # ip addr add 198.51.100.20/32 dev eth0\n");
    expect(listed.out).toContain(
      "\nOK       IP forwarding: The host forwards, as 24 real servers with NAT need it to.\n",
    );
    expect(listed.out).not.toContain("\u001b");
    const words = [...listed.out.matchAll(/^(Error|Warning|Notice|Unknown|OK) /gm)].map(([, word]) => word);
    expect(words).toHaveLength(findings.length);
    expect([...new Set(words)]).toEqual(["Error", "Warning", "Notice", "Unknown", "OK"]);
    const errors = findings.filter(({ verdict }) => verdict === "error").length;
    expect(listed.out).toMatch(new RegExp(`\\n${errors} errors, \\d+ warnings, \\d+ notices, 1 unknown, \\d+ ok\\n$`));
  });

  test("ends with 0 when nothing is an error", async () => {
    const subject = await simulatedSubject();
    const sampler = new Sampler({
      ipvs: subject.ipvs,
      ...{ sampleMs: 1000, monotonicMs: () => performance.now(), wallMs: () => Date.now(), drainedWeight: () => null },
    });
    const server = createDirectorServer(subject.director, sampler, createLog("director", "silent"));
    mkdirSync(join(folder, "run"));
    await listenOnSocket(server, join(folder, "run", "director.sock"));
    try {
      const json = await run("--json");
      const report = JSON.parse(json.out) as DoctorReport;
      expect(report.findings.map(({ verdict }) => verdict)).not.toContain("error");
      expect(report.findings.map(({ verdict }) => verdict)).toContain("warning");
      expect(json).toMatchObject({ code: 0, err: "" });
    } finally {
      sampler.stop();
      server.closeAllConnections();
      server.close();
      await subject.close();
    }
  });

  test("no director: 1, and what to do; wrong usage: 2; help: 0", async () => {
    const none = await run();
    expect(none).toMatchObject({ code: 1, out: "" });
    expect(none.err).toMatch(/^ipvs-console doctor: No director answers on .*director\.sock\. Start one/);
    expect(await run("--fix")).toMatchObject({ code: 2, out: "", err: expect.stringContaining("'--fix'") });
    const help = await run("--help");
    expect(help).toMatchObject({ code: 0, err: "" });
    for (const flag of ["--json", "--runtime-dir", "--state-dir"]) expect(help.out).toContain(flag);
  });
});
