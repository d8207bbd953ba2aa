import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onTestFinished } from "vitest"

/** A directory for a server process, for as long as the test takes. */
export async function serverDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-e2e-"))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}
