/** `npm run verify`: format, lint, types and unit tests, in seconds. Output of a check is shown when it failed. */
import { install, locked } from "./setup.mjs";
import { runSteps, summary } from "./step-runner.mjs";
import { verifySteps } from "./test-steps.mjs";

try {
  await locked(install);
  const results = await runSteps(verifySteps, { totalLimitS: 300, quiet: true });
  process.stdout.write(summary(results));
  if (results.some((result) => result.failed > 0)) process.exitCode = 1;
} catch (error) {
  process.stdout.write(`${error.message}\n0 passed, 1 failed\n`);
  process.exitCode = 1;
}
