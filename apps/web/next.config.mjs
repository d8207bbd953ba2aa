import { fileURLToPath } from "node:url"

const repository = fileURLToPath(new URL("../..", import.meta.url))

/** @type {import("next").NextConfig} */
const config = {
  // Types are checked by the `types` task: Next's own check speaks to the programming interface of older compilers.
  typescript: { ignoreBuildErrors: true },
  transpilePackages: ["@entrepot/client", "@entrepot/core"],
  turbopack: { root: repository },
  outputFileTracingRoot: repository,
  images: { unoptimized: true },
  poweredByHeader: false,
  compress: false,
  devIndicators: false,
  // By which development is reached; Next itself thinks of localhost alone.
  allowedDevOrigins: ["127.0.0.1"],
}

export default config
