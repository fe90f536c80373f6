/**
 * The environment of whoever runs the tests, for a process that they start: without a word on colours, which runners of tests
 * and machines that build set as they like, and about which Node writes a warning on stderr where they contradict each other.
 */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  const { NO_COLOR: _no, FORCE_COLOR: _force, NODE_DISABLE_COLORS: _disable, ...inherited } = process.env;
  return inherited;
}
