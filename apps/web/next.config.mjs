import { fileURLToPath } from "node:url"
import { PHASE_DEVELOPMENT_SERVER } from "next/constants.js"

const repository = fileURLToPath(new URL("../..", import.meta.url))

/** @type {(phase: string) => import("next").NextConfig} */
const config = (phase) => ({
  // Pages that `pnpm dev` alone has end in `page.dev.tsx`.
  pageExtensions: phase === PHASE_DEVELOPMENT_SERVER ? ["dev.tsx", "tsx", "ts"] : ["tsx", "ts"],
  // Types are checked by the `types` task: Next's own check speaks to the programming interface of older compilers.
  typescript: { ignoreBuildErrors: true },
  transpilePackages: ["@entrepot/client", "@entrepot/core"],
  turbopack: { root: repository },
  outputFileTracingRoot: repository,
  images: { unoptimized: true },
  poweredByHeader: false,
  // The server's own compress-answer.ts does, by brotli as well.
  compress: false,
  devIndicators: false,
  // By which development is reached; Next itself thinks of localhost alone.
  allowedDevOrigins: ["127.0.0.1"],
})

export default config
