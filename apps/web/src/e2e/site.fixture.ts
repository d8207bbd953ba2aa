import { randomBytes } from "node:crypto"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createEntrepotClient, type EntrepotClient } from "@entrepot/client"
import { type DockerRegistry, dockerRegistry } from "@entrepot/testing"
import { fetchUntil, type Program, spawnProgram } from "../program.fixture.ts"
import { fillSource } from "./source-images.fixture.ts"

/** User and password of the target, as a person types them. */
export const targetLogin = { username: "robot", password: "right-password" } as const

/** The token that everybody knows, which a fresh site begins with, and the one that other sites are given. */
export const knownToken = "docker-transformer"
export const ownToken = "a long token of our own, 2026"

/** The built application as a process, with a registry to mirror from and one to mirror to, both Debian's. */
export interface Site extends AsyncDisposable {
  readonly url: string
  readonly program: Program
  readonly dataDirectory: string
  /** Lets everybody read; holds the images of `source-images.fixture.ts`. */
  readonly source: DockerRegistry
  /** Wants `targetLogin`. */
  readonly target: DockerRegistry
  /** The application for the test itself, to prepare what a page then shows. Logged in, unless the site is untouched. */
  readonly client: EntrepotClient
  /** The client's session, as a browser would send it. */
  cookie(): string
}

export interface SiteOptions {
  /** Nobody has logged in yet: `knownToken` still stands. */
  readonly untouched?: boolean
  /** Beside what the site sets by itself. */
  readonly variables?: Readonly<Record<string, string>>
  /** Runs over the data directory before the application opens it. */
  readonly prepare?: (dataDirectory: string) => Promise<void>
}

/** Starts both registries and the application, and waits until its pages answer. Build it first. */
export async function openSite(options: SiteOptions = {}): Promise<Site> {
  const closing: (() => unknown)[] = []
  const close = async () => {
    for (const end of closing.reverse()) await end()
  }
  try {
    return { ...(await startSite(options, (end) => closing.push(end))), [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

async function startSite(
  { untouched = false, variables = {}, prepare }: SiteOptions,
  atEnd: (end: () => unknown) => void,
): Promise<Omit<Site, typeof Symbol.asyncDispose>> {
  const folder = await mkdtemp(join(tmpdir(), "entrepot-site-"))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const source = await dockerRegistry()
  atEnd(() => source[Symbol.asyncDispose]())
  const target = await dockerRegistry({ htpasswd: { user: targetLogin.username, password: targetLogin.password } })
  atEnd(() => target[Symbol.asyncDispose]())
  await fillSource(source.client)
  const dataDirectory = join(folder, "data")
  await mkdir(dataDirectory)
  await prepare?.(dataDirectory)
  const masterKeyFile = join(folder, "master.key")
  await writeFile(masterKeyFile, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600 })
  const program = spawnProgram({
    PORT: "0",
    DATA_DIR: dataDirectory,
    MASTER_KEY_FILE: masterKeyFile,
    ...(untouched ? {} : { DEFAULT_TOKEN: ownToken }),
    ...variables,
  })
  atEnd(() => program[Symbol.asyncDispose]())
  const url = await program.ready
  await fetchUntil(url, 200)
  const { client, cookie } = clientOf(url)
  atEnd(() => client.close())
  if (!untouched) await client.accounts.login.mutate({ token: ownToken })
  return { url, program, dataDirectory, source, target, client, cookie }
}

/** A client that keeps its cookie, as browsers do. */
function clientOf(url: string): Pick<Site, "client" | "cookie"> {
  let cookie = ""
  const client = createEntrepotClient({
    url,
    locale: "en",
    fetch: async (address, init) => {
      const headers = new Headers(init?.headers)
      headers.set("origin", url)
      if (cookie !== "") headers.set("cookie", cookie)
      const answer = await fetch(address, { ...init, headers })
      const [given] = answer.headers.getSetCookie()
      cookie = given?.split(";", 1)[0] ?? cookie
      return answer
    },
  })
  return { client, cookie: () => cookie }
}
