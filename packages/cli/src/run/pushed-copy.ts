import type { OutcomeEvent, TransferEvent } from "@entrepot/core"

/** The events of a copy that runs elsewhere: pushed in, and read as if it ran here. */
export class PushedCopy {
  readonly #waiting: TransferEvent[] = []
  #outcome: OutcomeEvent | undefined
  #wake: () => void = () => {}

  push(event: TransferEvent): void {
    this.#waiting.push(event)
    this.#wake()
  }

  end(outcome: OutcomeEvent): void {
    this.#outcome = outcome
    this.#wake()
  }

  async *events(): AsyncGenerator<TransferEvent, OutcomeEvent> {
    for (;;) {
      const next = this.#waiting.shift()
      if (next !== undefined) yield next
      else if (this.#outcome !== undefined) return this.#outcome
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
  }
}
