import type { Digest } from "../../content/digest.ts"
import { parseReference, type Reference } from "../../reference/index.ts"
import { type Daemon, type LocalImage, nameOf } from "./daemon.ts"
import type { NameLeases } from "./name-leases.ts"

interface Trace {
  readonly reference: Reference
  readonly restore: boolean
}

/** What one transfer leaves in the daemon, and how it is taken back. */
export class Traces {
  readonly #daemon: Daemon
  readonly #leases: NameLeases
  readonly #taken: Trace[] = []
  #hasBegun = false
  #idsBefore: ReadonlySet<string> | undefined
  #image: LocalImage | undefined
  #pushed: string | undefined

  constructor(daemon: Daemon, leases: NameLeases) {
    this.#daemon = daemon
    this.#leases = leases
  }

  /** Call before anything is made. @throws TransferError */
  async begin(): Promise<void> {
    this.#idsBefore = await this.#leases.begin(this.#daemon)
    this.#hasBegun = true
  }

  /** Call before a name is made; `restore`: a name that is there goes back to its image in the end. @throws TransferError */
  async take(reference: Reference, restore: boolean): Promise<void> {
    await this.#leases.take(this.#daemon, reference)
    this.#taken.push({ reference, restore })
  }

  /** The image that the transfer is about, as it is before the transfer names it. */
  found(image: LocalImage): void {
    this.#image = image
  }

  pushed(target: Reference, digest: Digest): void {
    this.#pushed = nameOf({ ...target, digest })
  }

  get isEmpty(): boolean {
    return this.#taken.length === 0
  }

  /** Takes back what this transfer made, or leaves all of it. Call once, after success, failure and cancellation alike. Trouble is told, never thrown. */
  async clean(keep: boolean, warn: (message: string) => void): Promise<void> {
    const spared = keep ? new Set(this.#taken) : await this.#whatKeepsTheImage()
    for (const trace of this.#taken.toReversed()) {
      const { reference, restore } = trace
      if (spared.has(trace)) {
        this.#leases.abandon(reference)
        continue
      }
      try {
        await this.#leases.release(this.#daemon, reference, { restore })
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        warn(`${nameOf(reference)} stays in the Docker daemon: ${why}`)
      }
    }
    if (!keep) await this.#forgetPushed()
    if (this.#hasBegun) this.#leases.end()
  }

  /** An image that was there without any name would go with our last name: it keeps the first. */
  async #whatKeepsTheImage(): Promise<ReadonlySet<Trace>> {
    const image = this.#image
    if (image === undefined || this.#idsBefore?.has(image.id) !== true) return new Set()
    const ours = new Set(this.#taken.map(({ reference }) => nameOf(reference)))
    const others = (await this.#namesOf(image.id)).filter((name) => !ours.has(name) && name !== this.#pushed)
    return new Set(others.length > 0 ? [] : this.#taken.slice(0, 1))
  }

  /** The daemon remembers a pushed digest as one more name, where the image has another tag in that repository. */
  async #forgetPushed(): Promise<void> {
    const name = this.#pushed
    if (name === undefined || this.#image === undefined || this.#image.names.map(canonicalName).includes(name)) return
    const names = await this.#namesOf(this.#image.id)
    if (names.includes(name) && names.length > 1) await this.#daemon.remove(name).catch(() => undefined)
  }

  async #namesOf(id: string): Promise<readonly string[]> {
    const image = await this.#daemon.inspect(id).catch(() => undefined)
    return (image?.names ?? []).flatMap((name) => canonicalName(name) ?? [])
  }
}

/** The daemon tells names in their familiar form; `<none>:<none>` is none. */
function canonicalName(name: string): string | undefined {
  try {
    return nameOf(parseReference(name))
  } catch {
    return undefined
  }
}
