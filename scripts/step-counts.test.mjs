import { expect, test } from "vitest";
import { countResults } from "./step-counts.mjs";

const vitestReport = (changes) =>
  JSON.stringify({
    testResults: [],
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    ...changes,
  });
const playwrightReport = (stats, errors = []) =>
  JSON.stringify({ stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0, ...stats }, errors });

test("a status step is one check", () => {
  expect(countResults("status", { succeeded: true, lines: [], report: null })).toMatchObject({ passed: 1, failed: 0 });
  expect(countResults("status", { succeeded: false, lines: [], report: null })).toMatchObject({ passed: 0, failed: 1 });
});

test("the last line of figures counts, and only a whole line", () => {
  const lines = ["3 passed, 1 failed", "note: 9 passed, 9 failed so far", "12 passed, 0 failed", ""];
  expect(countResults("line", { succeeded: true, lines, report: null })).toEqual({
    passed: 12,
    failed: 0,
    skipped: 0,
    note: "",
  });
});

test.each([
  ["line", { succeeded: true, lines: ["all fine"], report: null }, /did not end with a line/],
  ["line", { succeeded: true, lines: ["0 passed, 0 failed"], report: null }, /ran no test/],
  ["line", { succeeded: false, lines: ["5 passed, 0 failed"], report: null }, /outside its tests/],
  ["vitest", { succeeded: true, lines: [], report: null }, /left no report/],
  ["vitest", { succeeded: true, lines: [], report: "{" }, /JSON/],
  ["vitest", { succeeded: true, lines: [], report: vitestReport({ numPendingTests: 4 }) }, /ran no test/],
  ["vitest", { succeeded: false, lines: [], report: vitestReport({ numPassedTests: 4 }) }, /outside its tests/],
  ["playwright", { succeeded: true, lines: [], report: playwrightReport({ skipped: 2 }) }, /ran no test/],
])("silence is no pass: %s %o", (kind, step, note) => {
  expect(countResults(kind, step)).toMatchObject({ failed: 1, note: expect.stringMatching(note) });
});

test("vitest's figures, with a file that did not load as a failure of its own", () => {
  const testResults = [
    { status: "failed", assertionResults: [] },
    { status: "failed", assertionResults: [{ status: "failed" }] },
    { status: "passed", assertionResults: [{ status: "passed" }] },
  ];
  const report = vitestReport({
    testResults,
    numPassedTests: 7,
    numFailedTests: 1,
    numPendingTests: 1,
    numTodoTests: 1,
  });
  expect(countResults("vitest", { succeeded: false, lines: [], report })).toEqual({
    passed: 7,
    failed: 2,
    skipped: 2,
    note: "",
  });
});

test("playwright's figures, with errors outside any test", () => {
  const report = playwrightReport({ expected: 6, unexpected: 2, skipped: 3 }, [{ message: "config" }]);
  expect(countResults("playwright", { succeeded: false, lines: [], report })).toEqual({
    passed: 6,
    failed: 3,
    skipped: 3,
    note: "",
  });
});

test("a test that passed at its second try is named", () => {
  const spec = (title, status) => ({ title, tests: [{ status }] });
  const suites = [
    { title: "a.spec.ts", specs: [spec("stands", "expected"), spec("wavers", "flaky")] },
    { title: "b.spec.ts", specs: [], suites: [{ title: "a viewer", specs: [spec("reads", "flaky")] }] },
  ];
  const report = JSON.stringify({ ...JSON.parse(playwrightReport({ expected: 1, flaky: 2 })), suites });
  expect(countResults("playwright", { succeeded: true, lines: [], report })).toEqual({
    ...{ passed: 3, failed: 0, skipped: 0 },
    note: "flaky: a.spec.ts › wavers; b.spec.ts › a viewer › reads",
  });
});
