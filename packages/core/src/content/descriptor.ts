import type { Digest } from "./digest.ts"
import type { Platform } from "./platform.ts"

/** image-spec, descriptor.md. Sizes are bytes. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: Digest
  readonly size: number
  readonly platform?: Platform
  readonly annotations?: Readonly<Record<string, string>>
  readonly artifactType?: string
  readonly urls?: readonly string[]
}
