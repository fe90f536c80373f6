/**
 * `npm test`: on a bare checkout, installs all that testing needs and runs everything; the last line is `N passed, N failed`.
 * `npm test -- --only unit,native` runs a part, `npm run test:long` also what takes minutes each. Runs with any Node from 20 on and nothing installed.
 */
import { ensurePackages, packagesFor } from "./debian-packages.mjs";
import { buildAddon, install, locked } from "./setup.mjs";
import { runSteps, summary } from "./step-runner.mjs";
import { testSteps } from "./test-steps.mjs";

/** A quiet machine with two cores takes far less; one that is busy with other things is given time. */
const totalLimitS = process.env.TEST_LONG === undefined ? 2_100 : 4_200;

/** The steps that the command line asks for; throws a sentence when it names one that is not there. */
function chosenSteps(args) {
  if (args.length === 0) return testSteps;
  const names = (
    args[0]?.startsWith("--only=") ? args[0].slice("--only=".length) : args[0] === "--only" ? (args[1] ?? "") : ""
  ).split(",");
  const unknown = names.filter((name) => !testSteps.some((step) => step.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `Usage: npm test [-- --only STEP,STEP…]; the steps are ${testSteps.map((step) => step.name).join(", ")}.`,
    );
  }
  const needed = new Set(
    testSteps.filter((step) => names.includes(step.name)).flatMap((step) => [step.name, ...(step.needs ?? [])]),
  );
  return testSteps.filter((step) => needed.has(step.name));
}

try {
  const steps = chosenSteps(process.argv.slice(2));
  const { compiler, kernel, browser, certificates } = packagesFor;
  ensurePackages([...compiler, ...kernel, ...browser, ...certificates]);
  await locked(() => {
    install();
    buildAddon({ required: true });
  });
  const results = await runSteps(steps, { totalLimitS: totalLimitS - performance.now() / 1_000 });
  process.stdout.write(`\n${summary(results)}`);
  if (results.some((result) => result.failed > 0)) process.exitCode = 1;
} catch (error) {
  process.stdout.write(`${error.message}\n0 passed, 1 failed\n`);
  process.exitCode = 1;
}
