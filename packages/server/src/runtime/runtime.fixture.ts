import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onTestFinished } from "vitest"
import type { Configuration } from "../configuration/configuration.ts"
import { createRuntime, type RuntimeOptions } from "./create-runtime.ts"
import { ensureDatabase } from "./fresh-database.fixture.ts"
import type { Runtime } from "./runtime.ts"
import { impatient, silentLog, testConfiguration } from "./runtime-settings.fixture.ts"

export { impatient, silentLog, testActor, testConfiguration } from "./runtime-settings.fixture.ts"

/** A directory that goes with the test. */
export async function testDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-runtime-"))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** The application over a database of its own, or over that of `given`; closed with the test. */
export async function testRuntime(given?: Configuration, options: Partial<RuntimeOptions> = {}): Promise<Runtime> {
  const configuration = given ?? testConfiguration(await testDirectory())
  if (options.database === undefined) await ensureDatabase(configuration.database)
  const runtime = await createRuntime(configuration, {
    log: silentLog,
    ...impatient,
    ...options,
  })
  onTestFinished(() => runtime.close())
  return runtime
}

/** The signal of a wait that must not outlast its test. */
export function soon(ms = 10_000): AbortSignal {
  return AbortSignal.timeout(ms)
}
