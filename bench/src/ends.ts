import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type CountingProxy, countingProxy, type DockerRegistry, dockerRegistry } from "../../packages/testing/src/index.ts"

/** A source that is filled once for each workload, and a target that is empty before each run. Both are real registries. */
export interface Ends extends AsyncDisposable {
  readonly source: DockerRegistry
  readonly target: DockerRegistry
  /** Counters before each of them. */
  readonly counted: { readonly source: CountingProxy; readonly target: CountingProxy }
  /** A directory for what programs want to keep. */
  readonly home: string
  emptySource(): Promise<void>
  emptyTarget(): Promise<void>
}

/** Starts both. The registries keep nothing in memory about what they store, so that emptying their directory empties them. */
export async function openEnds(registryPath: string | undefined): Promise<Ends> {
  await using opening = new Resources()
  const options = registryPath ? { path: registryPath } : {}
  const source = opening.use(await dockerRegistry(options))
  const target = opening.use(await dockerRegistry(options))
  const counted = {
    source: opening.use(await countingProxy(source.host)),
    target: opening.use(await countingProxy(target.host)),
  }
  const home = await mkdtemp(join(tmpdir(), "entrepot-bench-home-"))
  opening.defer(() => rm(home, { recursive: true, force: true }))
  const empty = (registry: DockerRegistry) => rm(join(registry.storage, "docker"), { recursive: true, force: true })
  const resources = opening.move()
  return {
    source,
    target,
    counted,
    home,
    emptySource: () => empty(source),
    emptyTarget: () => empty(target),
    [Symbol.asyncDispose]: () => resources[Symbol.asyncDispose](),
  }
}

/** What was opened is closed in the opposite order. */
class Resources implements AsyncDisposable {
  #closers: (() => Promise<void>)[] = []

  use<T extends AsyncDisposable>(resource: T): T {
    this.#closers.push(async () => await resource[Symbol.asyncDispose]())
    return resource
  }

  defer(close: () => Promise<void>): void {
    this.#closers.push(close)
  }

  move(): Resources {
    const moved = new Resources()
    moved.#closers = this.#closers
    this.#closers = []
    return moved
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closers.reverse()) await close()
  }
}
