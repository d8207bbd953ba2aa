import type { Reference } from "../../reference/index.ts"
import { type Daemon, type LocalImage, nameOf } from "./daemon.ts"

interface Lease {
  holders: number
  readonly before: Promise<LocalImage | undefined>
}

/**
 * The names that the transfers of one engine make in the daemon, with what each meant before: only what was made here is taken away, and not
 * while another transfer still needs it. Questions are shared between transfers, so that no single one's signal ends them.
 */
export class NameLeases {
  readonly #leases = new Map<string, Lease>()
  readonly #closing = new Map<string, Promise<void>>()
  #transfers = 0
  #idsBefore: Promise<ReadonlySet<string> | undefined> | undefined

  /** Call once for each transfer, before it makes anything, and `end` after. Ids of the images that none of the transfers under way has made. */
  async begin(daemon: Daemon): Promise<ReadonlySet<string> | undefined> {
    this.#transfers += 1
    this.#idsBefore ??= daemon.listIds()
    try {
      return await this.#idsBefore
    } catch (error) {
      this.#idsBefore = undefined
      this.end()
      throw error
    }
  }

  end(): void {
    this.#transfers -= 1
    if (this.#transfers === 0) this.#idsBefore = undefined
  }

  /** Call before the name is made. What it means now, undefined for nothing. */
  async take(daemon: Daemon, reference: Reference): Promise<LocalImage | undefined> {
    const name = nameOf(reference)
    for (let closing = this.#closing.get(name); closing !== undefined; closing = this.#closing.get(name)) await closing
    const lease = this.#leases.get(name) ?? { holders: 0, before: daemon.inspect(name) }
    this.#leases.set(name, lease)
    lease.holders += 1
    try {
      return await lease.before
    } catch (error) {
      this.#leave(name, lease)
      throw error
    }
  }

  /** The last holder takes the name away if it was made here; `restore` gives a name that was moved back to the image it had. */
  async release(daemon: Daemon, reference: Reference, options: { readonly restore: boolean }): Promise<void> {
    const name = nameOf(reference)
    const lease = this.#leases.get(name)
    if (lease === undefined || !this.#leave(name, lease)) return
    const closing = this.#close(daemon, reference, lease, options.restore)
    // Set before anything is awaited: whoever takes the name from now on waits until it is gone.
    this.#closing.set(
      name,
      closing.catch(() => undefined),
    )
    try {
      await closing
    } finally {
      this.#closing.delete(name)
    }
  }

  /** Leaves the name as it is. */
  abandon(reference: Reference): void {
    const lease = this.#leases.get(nameOf(reference))
    if (lease !== undefined) this.#leave(nameOf(reference), lease)
  }

  /** True for the last holder. */
  #leave(name: string, lease: Lease): boolean {
    lease.holders -= 1
    if (lease.holders > 0) return false
    if (this.#leases.get(name) === lease) this.#leases.delete(name)
    return true
  }

  async #close(daemon: Daemon, reference: Reference, lease: Lease, restore: boolean): Promise<void> {
    const before = await lease.before
    if (before === undefined) return daemon.remove(nameOf(reference))
    if (!restore) return
    const now = await daemon.inspect(nameOf(reference))
    if (now?.id !== before.id) await daemon.tag(before.id, reference)
  }
}
