import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onTestFinished } from "vitest"
import type { Configuration } from "../configuration/configuration.ts"
import { createRuntime, type RuntimeOptions } from "./create-runtime.ts"
import type { Runtime } from "./runtime.ts"
import { impatient, silentLog, testConfiguration } from "./runtime-settings.fixture.ts"

export { impatient, silentLog, testActor, testConfiguration } from "./runtime-settings.fixture.ts"

/** A directory that goes with the test. */
export async function testDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-runtime-"))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** The application over a database of its own, or over that of `configuration`; closed with the test. */
export async function testRuntime(configuration?: Configuration, options: Partial<RuntimeOptions> = {}): Promise<Runtime> {
  const runtime = await createRuntime(configuration ?? testConfiguration(await testDirectory()), {
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
