import { expect } from "vitest"

/** Asks until the answer is as expected: `await eventually(() => …).toBe(3)`. For half a minute unless told, since others may use the machine too. */
export function eventually<Answer>(ask: () => Answer, { timeoutMs = 30_000, intervalMs = 50 } = {}) {
  return expect.poll(ask, { timeout: timeoutMs, interval: intervalMs })
}
