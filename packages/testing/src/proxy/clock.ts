/** Time in milliseconds, and things to do at a time. */
export interface Clock {
  now(): number
  at(timeMs: number, action: () => void): void
}

interface Event {
  readonly timeMs: number
  readonly order: number
  readonly action: () => void
}

/** Events in the order of their time; those of the same time in the order in which they came. */
class Agenda {
  readonly #heap: Event[] = []
  #count = 0

  get next(): Event | undefined {
    return this.#heap[0]
  }

  add(timeMs: number, action: () => void): void {
    const heap = this.#heap
    const event = { timeMs, order: this.#count++, action }
    let at = heap.push(event) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent]
      if (!above || !before(event, above)) break
      heap[at] = above
      at = parent
    }
    heap[at] = event
  }

  take(): Event | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (!first || !last || first === last) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      const [left, right] = [heap[child], heap[child + 1]]
      if (!left) break
      if (right && before(right, left)) child++
      const below = heap[child]
      if (!below || !before(below, last)) break
      heap[at] = below
      at = child
    }
    heap[at] = last
    return first
  }
}

function before(a: Event, b: Event): boolean {
  return a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.order < b.order)
}

/** A clock that jumps to the next event: hours of a model pass in milliseconds. */
export class VirtualClock implements Clock {
  readonly #agenda = new Agenda()
  #now = 0

  now(): number {
    return this.#now
  }

  at(timeMs: number, action: () => void): void {
    this.#agenda.add(Math.max(timeMs, this.#now), action)
  }

  /** Runs until nothing is left to do. */
  run(): void {
    for (let event = this.#agenda.take(); event; event = this.#agenda.take()) {
      this.#now = event.timeMs
      event.action()
    }
  }
}

/** The real clock, with one timer for all events. */
export class RealClock implements Clock, Disposable {
  readonly #agenda = new Agenda()
  #timer: NodeJS.Timeout | undefined
  #wakesAt = Number.POSITIVE_INFINITY

  now(): number {
    return performance.now()
  }

  at(timeMs: number, action: () => void): void {
    this.#agenda.add(timeMs, action)
    if (timeMs < this.#wakesAt) this.#arm()
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#wakesAt = Number.NEGATIVE_INFINITY
  }

  #arm(): void {
    clearTimeout(this.#timer)
    const next = this.#agenda.next
    this.#wakesAt = next?.timeMs ?? Number.POSITIVE_INFINITY
    if (next) this.#timer = setTimeout(() => this.#run(), Math.max(0, next.timeMs - this.now()))
  }

  #run(): void {
    this.#wakesAt = Number.NEGATIVE_INFINITY
    for (let next = this.#agenda.next; next && next.timeMs <= this.now(); next = this.#agenda.next) {
      this.#agenda.take()
      next.action()
    }
    this.#arm()
  }
}
