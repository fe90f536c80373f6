import createNextIntlPlugin from "next-intl/plugin";

/** Pages are shells that talk to server/web over tRPC; nothing here runs on the server for a request's sake. */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  // `npm run verify` and `npm test` check types, tests included; twice would only make the build slower.
  typescript: { ignoreBuildErrors: true },
  devIndicators: false,
};

export default createNextIntlPlugin("./i18n/request.ts")(config);
