import { longestWaitMs } from "../../http/layers/retry.ts"
import type { StallLimits } from "./stall-watch.ts"
import type { TrySettings } from "./upload-tries.ts"

/** What may be set about uploads; tests and slow registries do. */
export interface UploadSettings extends StallLimits, TrySettings {
  /** Largest blob, in bytes, to send within the POST where the registry takes it. Default 8 MiB. */
  readonly singlePostLimit: number
  /** For giving up a broken upload, at most, in milliseconds. Default 3,000. */
  readonly cancelTimeoutMs: number
  /** Up to this round trip, milliseconds, an upload that a break would cost as a whole is sent in chunks from the start. Default 25. */
  readonly carefulRoundTripMs: number
}

/** The values that the fields above call their default. */
export const defaultUploadSettings: UploadSettings = {
  singlePostLimit: 8 * 1024 * 1024,
  stallTimeoutMs: 10_000,
  answerTimeoutMs: 30_000,
  cancelTimeoutMs: 3_000,
  backoffMs: 500,
  random: Math.random,
  carefulRoundTripMs: 25,
  maxWaitMs: longestWaitMs,
}
