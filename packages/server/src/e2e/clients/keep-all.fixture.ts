import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { buildServerProgram, type ServerProcess, startServerProcess } from "../server-process.fixture.ts"

/** Takes something that has to be closed in the end, and gives it back. */
export type Keep = <Kept extends AsyncDisposable>(kept: Kept) => Kept

/** What `open` makes of several things. They are closed with it, the last first; also when `open` fails. */
export async function keepAll<Opened>(open: (keep: Keep) => Promise<Opened>): Promise<Opened & AsyncDisposable> {
  const all: AsyncDisposable[] = []
  const keep: Keep = (kept) => {
    all.unshift(kept)
    return kept
  }
  const close = async () => {
    for (const each of all) await each[Symbol.asyncDispose]()
  }
  try {
    return { ...(await open(keep)), [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A server process with a new directory of its own. */
export async function keepServer(
  keep: Keep,
  variables: Readonly<Record<string, string>>,
): Promise<{ readonly server: ServerProcess; readonly directory: string }> {
  const program = keep(await buildServerProgram())
  const directory = await mkdtemp(join(tmpdir(), "entrepot-clients-"))
  keep({ [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) })
  const server = keep(await startServerProcess({ program, directory, variables: { ENTREPOT_LANG: "en", ...variables } }))
  return { server, directory }
}
