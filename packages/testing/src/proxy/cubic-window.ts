const cubicC = 0.4
const beta = 0.7
const renoAlpha = (3 * (1 - beta)) / (1 + beta)

/** A congestion window in segments, as CUBIC moves it (RFC 9438); times in milliseconds. */
export class CubicWindow {
  /** RFC 6928: ten segments to begin with. */
  segments = 10
  #slowStartUntil = Number.POSITIVE_INFINITY
  #before = 0
  #plateauSeconds = 0
  #epochMs = 0
  #renoSegments = 0
  #recoveringUntilMs = Number.NEGATIVE_INFINITY

  acknowledged(segments: number, nowMs: number, rttMs: number): void {
    if (nowMs < this.#recoveringUntilMs) return
    if (this.segments < this.#slowStartUntil) {
      this.segments += segments
      return
    }
    const seconds = (nowMs - this.#epochMs + rttMs) / 1000 - this.#plateauSeconds
    const cubic = cubicC * seconds ** 3 + this.#before
    const target = Math.min(Math.max(cubic, this.segments), this.segments * 1.5)
    this.#renoSegments += (renoAlpha * segments) / this.segments
    this.segments = Math.max(this.segments + ((target - this.segments) * segments) / this.segments, this.#renoSegments)
  }

  /** A loss was noticed; those of one round trip count as one. */
  lost(nowMs: number, rttMs: number): void {
    if (nowMs < this.#recoveringUntilMs) return
    this.#recoveringUntilMs = nowMs + rttMs
    this.#before = this.segments < this.#before ? (this.segments * (1 + beta)) / 2 : this.segments
    this.segments = Math.max(2, this.segments * beta)
    this.#slowStartUntil = this.segments
    this.#plateauSeconds = Math.cbrt(Math.max(0, this.#before - this.segments) / cubicC)
    this.#epochMs = nowMs
    this.#renoSegments = this.segments
  }
}
