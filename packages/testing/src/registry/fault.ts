import { matches, type Route } from "./route.ts"

/** Which requests a fault meets, and how often. */
interface FaultWhen {
  /** How many requests it meets, one unless told; `Infinity` for all. */
  readonly times?: number
  /** How many matching requests go by unharmed first. */
  readonly skip?: number
  readonly repository?: string
  /** Tag, digest or upload id. */
  readonly reference?: string
  /** Only requests with (true) or without (false) a Range header. */
  readonly ranged?: boolean
}

/**
 * What goes wrong. `after` counts body bytes: those of the request where it has a body (POST, PATCH, PUT), else those of the answer; a
 * body that is shorter does not meet the fault, and does not use it up.
 * - reset: a real RST. stall: nothing moves, `forMs` or for good. drip: bytes move at this rate.
 * - truncate: the answer ends early, with its Content-Length (and a FIN), or `chunked` and seemingly whole.
 * - longer: more bytes than there should be. corrupt: one byte changed at `at`, length right.
 * - status, raw: this answer instead (raw: these bytes, then the connection is closed).
 * - ignoreRange: 200 and the whole. wrongRange: a Content-Range of other bytes than asked for, which are sent.
 * - redirect: to this URL; "loop" redirects to itself for ever.
 * - revoke: every token given out so far stops being valid, this request's too.
 * - lostReply: done, then reset before the answer.
 * - forgetUpload: the upload session is gone. refuseOffset: 416 with the offset the registry has.
 * - collect: the registry loses these blobs (all of the repository unless told) before it handles the request.
 * - mountRefused: 202 and an upload session instead of 201.
 */
type FaultKind =
  | { readonly as: "reset"; readonly after?: number }
  | { readonly as: "stall"; readonly after?: number; readonly forMs?: number }
  | { readonly as: "drip"; readonly bytesPerSecond: number }
  | { readonly as: "truncate"; readonly after: number; readonly chunked?: boolean }
  | { readonly as: "longer"; readonly extraBytes?: number }
  | { readonly as: "corrupt"; readonly at?: number }
  | { readonly as: "wrongDigestHeader"; readonly digest?: string }
  | {
      readonly as: "status"
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  | { readonly as: "raw"; readonly bytes: string }
  | { readonly as: "ignoreRange" | "wrongRange" | "revoke" | "lostReply" | "forgetUpload" | "refuseOffset" | "mountRefused" }
  | { readonly as: "redirect"; readonly to: string }
  | { readonly as: "collect"; readonly digests?: readonly string[] }

export type Fault = FaultWhen & FaultKind

/** The answer with which Docker Hub refuses floods: header lines that end with a bare LF. Witness: docker/hub-feedback#1907. */
export const bareLineFeed429: Fault = {
  as: "raw",
  bytes:
    "HTTP/1.0 429 Too Many Requests\nCache-Control: no-cache\nConnection: close\nRetry-After: 1\n\nToo Many Requests (HAP429).\n",
}

/** One rule that was set, to see how often it struck. */
export interface FaultRule {
  readonly fault: Fault
  readonly strikes: number
  remove(): void
}

/** A fault that waits for its moment within one request. */
export interface ArmedFault {
  readonly fault: Fault
  /** True, once, when the fault may strike; it counts as used from then on. */
  strike(): boolean
}

interface Entry {
  readonly matcher: string
  readonly fault: Fault
  skipped: number
  strikes: number
}

/** Faults by rule, the first that fits a request is its fault. */
export class FaultRules {
  #entries: Entry[] = []

  add(matcher: string, fault: Fault): FaultRule {
    const entry: Entry = { matcher, fault, skipped: 0, strikes: 0 }
    this.#entries.push(entry)
    return {
      fault,
      get strikes() {
        return entry.strikes
      },
      remove: () => {
        this.#entries = this.#entries.filter((each) => each !== entry)
      },
    }
  }

  clear(): void {
    this.#entries = []
  }

  find(method: string, route: Route, ranged: boolean): ArmedFault | undefined {
    for (const entry of this.#entries) {
      const { fault } = entry
      if (!matches(entry.matcher, method, route.resource) || spent(entry)) continue
      if (fault.repository !== undefined && fault.repository !== route.repository) continue
      if (fault.reference !== undefined && fault.reference !== route.reference) continue
      if (fault.ranged !== undefined && fault.ranged !== ranged) continue
      if (entry.skipped < (fault.skip ?? 0)) {
        entry.skipped++
        continue
      }
      return {
        fault,
        strike: () => {
          if (spent(entry)) return false
          entry.strikes++
          return true
        },
      }
    }
    return undefined
  }
}

function spent(entry: Entry): boolean {
  return entry.strikes >= (entry.fault.times ?? 1)
}
