/**
 * Whether this process may still believe in its leases. Others take them over when they have not heard of it for `leaseMs`; a process that was
 * stopped, or cut off from the database, for nearly as long has to doubt before it does anything else (faults 33, 37).
 */
export class LeaseWatch {
  readonly #leaseMs: number
  readonly #monotonic: () => number
  readonly #wall: () => number
  #heardAt: number
  #heardAtWall: number

  /** `monotonic` and `wall` in milliseconds; Linux stops the monotonic clock while the machine is suspended, which the other one shows. */
  constructor(leaseMs: number, monotonic: () => number, wall: () => number) {
    this.#leaseMs = leaseMs
    this.#monotonic = monotonic
    this.#wall = wall
    this.#heardAt = monotonic()
    this.#heardAtWall = wall()
  }

  /** A moment to hand to `heard` when the heartbeat that is sent now has arrived. */
  now(): readonly [monotonic: number, wall: number] {
    return [this.#monotonic(), this.#wall()]
  }

  /** A heartbeat that was sent at that moment is in the database. */
  heard([monotonic, wall]: readonly [monotonic: number, wall: number]): void {
    this.#heardAt = monotonic
    this.#heardAtWall = wall
  }

  get isLate(): boolean {
    const trustedMs = this.#leaseMs * 0.8
    return this.#monotonic() - this.#heardAt > trustedMs || this.#wall() - this.#heardAtWall > trustedMs
  }
}
