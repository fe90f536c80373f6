/** How many tests of a step passed and failed, by the step's own account. Plain Node 20, no dependencies. */

const readers = { status: fromStatus, vitest: fromVitest, playwright: fromPlaywright, line: fromLine };

/**
 * Returns { passed, failed, skipped, note } for a step of that kind, from its exit, lines of output and JSON report (text or null).
 * What did not succeed, or ran no test, has at least one failure, and the note says so: silence is never a pass.
 */
export function countResults(kind, { succeeded, lines, report }) {
  let counts;
  try {
    counts = readers[kind]({ succeeded, lines, report });
  } catch (error) {
    return { passed: 0, failed: 1, skipped: 0, note: error.message };
  }
  if (counts.passed + counts.failed === 0) return { ...counts, failed: 1, note: "ran no test" };
  if (!succeeded && counts.failed === 0) return { ...counts, failed: 1, note: "failed outside its tests" };
  return { note: "", ...counts };
}

function fromStatus({ succeeded }) {
  return { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1, skipped: 0 };
}

function fromVitest({ report }) {
  const { testResults, numPassedTests, numFailedTests, numPendingTests, numTodoTests } = parse(report);
  // A file that could not even be loaded has no tests to count.
  const broken = testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return { passed: numPassedTests, failed: numFailedTests + broken.length, skipped: numPendingTests + numTodoTests };
}

function fromPlaywright({ report }) {
  const { stats, errors, suites = [] } = parse(report);
  const flaky = suites.flatMap((suite) => flakyOf(suite));
  return {
    ...{ passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length, skipped: stats.skipped },
    ...(stats.flaky > 0 && { note: `flaky: ${flaky.join("; ")}` }),
  };
}

/** Tests that failed and then passed, by file and name. */
function flakyOf({ title, specs = [], suites = [] }) {
  const own = specs.filter(({ tests }) => tests.some(({ status }) => status === "flaky")).map((spec) => spec.title);
  return [...own, ...suites.flatMap((suite) => flakyOf(suite))].map((name) => `${title} › ${name}`);
}

function fromLine({ lines }) {
  const last = lines
    .map((line) => /^(\d+) passed, (\d+) failed$/.exec(line.trim()))
    .findLast((match) => match !== null);
  if (last === undefined) throw new Error("did not end with a line `N passed, N failed`");
  return { passed: Number(last[1]), failed: Number(last[2]), skipped: 0 };
}

function parse(report) {
  if (report === null) throw new Error("left no report");
  return JSON.parse(report);
}
