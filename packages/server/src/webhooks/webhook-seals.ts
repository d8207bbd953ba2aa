import type { WebhookRecord } from "@entrepot/db/stores"
import { z } from "zod"
import type { SealedText } from "../targets/sealed-text.ts"

/** Where a webhook is, and what its messages are signed with. */
export interface WebhookPlace {
  readonly url: string
  readonly secret: string | null
}

type Sealed = Pick<WebhookRecord, "id" | "host" | "version" | "sealed">

const placeSchema = z.object({ url: z.string(), secret: z.string().nullable() }) satisfies z.ZodType<WebhookPlace>

/** Address and secret of a webhook as one seal, bound to its row, host and version: a bot's address is as good as a password (RELIABILITY S19). */
export class WebhookSeals {
  readonly #seals: SealedText

  constructor(seals: SealedText) {
    this.#seals = seals
  }

  /** There is a master key. */
  get canSeal(): boolean {
    return this.#seals.canSeal
  }

  /** @throws Error without a master key. */
  seal(place: WebhookPlace, row: Omit<Sealed, "sealed">): string {
    return this.#seals.seal(JSON.stringify(place), bindingOf(row))
  }

  /** Undefined where no present master key opens it. */
  open(row: Sealed): WebhookPlace | undefined {
    const text = this.#seals.open(row.sealed, bindingOf(row))
    return text === undefined ? undefined : placeSchema.parse(JSON.parse(text))
  }
}

function bindingOf({ id, host, version }: Omit<Sealed, "sealed">) {
  return { ownerId: 0, id, host, version }
}
