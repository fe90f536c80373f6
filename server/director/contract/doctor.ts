import { describe, expect, it } from "vitest";
import { byVerdict, checkIds, doctorReportSchema, foundManagerSchema } from "#domain/doctor";
import { addService, http } from "./samples.ts";
import { type MakeSubject, useSubject } from "./subject.ts";

export function doctorContract(make: MakeSubject): void {
  describe("the doctor", () => {
    const subject = useSubject(make);

    it("answers for every check, worst first, and names what is wrong", async () => {
      const { director } = subject();
      await director.apply([addService({ ...http, address: "203.0.113.99" })]);
      const report = await director.doctor();
      expect(doctorReportSchema.parse(report)).toEqual(report);
      expect([...new Set(report.findings.map(({ check }) => check))].sort()).toEqual([...checkIds].sort());
      expect(report.findings).toEqual(byVerdict(report.findings));
      expect(report.findings).toContainEqual(
        expect.objectContaining({
          verdict: "error",
          code: "VIP_NOT_LOCAL",
          params: { count: 1, names: "203.0.113.99", more: 0 },
        }),
      );
    });

    it("sees a sysctl as it was set here", async () => {
      const { director } = subject();
      await director.setSysctl("run_estimation", "0");
      try {
        const { findings } = await director.doctor();
        expect(findings.find(({ check }) => check === "statistics")?.code).toBe("STATISTICS_FROZEN");
      } finally {
        await director.setSysctl("run_estimation", "1");
      }
    });

    it("looks once for all who ask at once", async () => {
      const { director } = subject();
      const [one, other] = await Promise.all([director.doctor(), director.doctor()]);
      expect(other).toEqual(one);
    });

    it("tells who else manages the table", async () => {
      for (const found of await subject().director.managers()) expect(foundManagerSchema.parse(found)).toEqual(found);
    });
  });
}
