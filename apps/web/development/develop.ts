import { mkdir, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { sampleJobs } from "./sample-jobs.ts"
import { sampleRegistries } from "./sample-registries.ts"
import { ServerProcess } from "./server-process.ts"
import { watchSources } from "./watch-sources.ts"

export interface DevelopOptions {
  /** This package. */
  readonly webDirectory: string
  /** Bundles the server anew; false, with the reason on stderr, when it cannot. */
  readonly rebuild: () => Promise<boolean>
}

const token = "entrepot-development"

/** Serves with sample data and registries of its own, from a fresh data directory, and starts the server anew whenever its sources change. */
export async function develop({ webDirectory, rebuild }: DevelopOptions): Promise<void> {
  const repository = join(webDirectory, "../..")
  const data = join(repository, ".cache/development")
  await rm(data, { recursive: true, force: true })
  await mkdir(data, { recursive: true })
  await writeFile(join(data, "master.key"), `${Buffer.alloc(32, 1).toString("hex")}\n`, { mode: 0o600 })

  const registries = await sampleRegistries()
  const server = new ServerProcess(join(webDirectory, "dist/server.js"), {
    DATA_DIR: data,
    DEFAULT_TOKEN: token,
    MASTER_KEY_FILE: join(data, "master.key"),
    JOB_CONCURRENCY: "2",
  })
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve())
  })
  const stopWatching = watchSources(repository, async () => {
    if (await rebuild()) await server.restart()
  })
  try {
    const url = await server.start()
    const { key } = await sampleJobs(url, token, registries)
    process.stdout.write(
      [
        "",
        `  ${url}`,
        `  log in with the token  ${token}`,
        `  or use the API key     ${key}`,
        `  source registry        ${registries.source.host} (slow: ${registries.slow.host})`,
        `  target registry        ${registries.target.host}`,
        "",
        "",
      ].join("\n"),
    )
    await Promise.race([stopped, server.failed])
  } finally {
    stopWatching()
    await server.close()
    await registries.close()
  }
}
