import { TransferError } from "@entrepot/core"

const KiB = 1024
const MiB = 1024 * KiB

export interface FillBudgetOptions {
  /** Chunks of all fills together that are kept for readers or wait to be written. Default 64 MiB. */
  readonly memoryBytes?: number | undefined
  /** Blobs that may be passed through at once without being stored. Default 32. */
  readonly passThroughs?: number | undefined
}

/** What the fills of a process share: memory, and how many of them may do without a disk. */
export class FillBudget {
  readonly #memoryBytes: number
  readonly #mostPassThroughs: number
  #fills = 0
  #passThroughs = 0

  constructor({ memoryBytes = 64 * MiB, passThroughs = 32 }: FillBudgetOptions = {}) {
    this.#memoryBytes = memoryBytes
    this.#mostPassThroughs = passThroughs
  }

  /** Bytes that one fill may hold. */
  get share(): number {
    return Math.max(512 * KiB, Math.min(8 * MiB, this.#memoryBytes / Math.max(1, this.#fills)))
  }

  /** A fill begins; call what it returns when it ends. */
  enter(): () => void {
    this.#fills += 1
    return () => {
      this.#fills -= 1
    }
  }

  /** A fill goes on without a disk; call what it returns when it ends. @throws TransferError `local_io` when there are too many of them. */
  passThrough(): () => void {
    if (this.#passThroughs >= this.#mostPassThroughs)
      throw new TransferError(
        "local_io",
        `${this.#passThroughs} blobs are being passed through already since they cannot be stored`,
      )
    this.#passThroughs += 1
    return () => {
      this.#passThroughs -= 1
    }
  }
}
