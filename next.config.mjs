import { PHASE_PRODUCTION_SERVER } from "next/constants.js";

/** Pages are shells that talk to server/web over tRPC; nothing here runs on the server for a request's sake. */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  // `npm run verify` and `npm test` check types, tests included; twice would only make the build slower.
  typescript: { ignoreBuildErrors: true },
  devIndicators: false,
  // Nothing of ours needs pictures resized, and what is not served cannot be abused.
  images: { unoptimized: true },
};

/** The plugin is for building; at run time it would load a compiler, which writes 31 MB into the user's cache. */
export default async (phase) => {
  if (phase === PHASE_PRODUCTION_SERVER) return config;
  const { default: createNextIntlPlugin } = await import("next-intl/plugin");
  return createNextIntlPlugin("./i18n/request.ts")(config);
};
