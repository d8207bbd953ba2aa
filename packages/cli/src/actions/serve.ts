import { stat } from "node:fs/promises"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { TransferError } from "@entrepot/core"
import type { Context } from "../context.ts"

export interface ServeOptions {
  readonly host?: string
  readonly port?: number
}

/** What a build of the web app leaves behind, in its folder. */
const built = ["dist/server.js", ".next/BUILD_ID"]

/**
 * Runs the application's own program in this process, which it ends itself. @throws TransferError `local_io` where it is not built.
 */
export async function serve({ host, port }: ServeOptions, { environment }: Context): Promise<void> {
  const folder = join(environment.productRoot, "apps/web")
  for (const file of built) {
    const path = join(folder, file)
    const found = await stat(path).catch(() => undefined)
    if (found !== undefined) continue
    throw new TransferError("local_io", `the application is not built: ${path} is missing`, {
      side: "local",
      hint: "build it with `npx -y pnpm@12 build`, or build and start it with `npx -y pnpm@12 start`",
    })
  }
  environment.passOn({
    ...(host === undefined ? {} : { HOST: host }),
    ...(port === undefined ? {} : { PORT: String(port) }),
  })
  await import(pathToFileURL(join(folder, "dist/server.js")).href)
}
