/** The library's face: places, transfers and errors. The Docker engine has an entry of its own, since it loads dockerode. */

export type { Descriptor } from "./content/descriptor.ts"
export { type Digest, digestOf, isDigest } from "./content/digest.ts"
export { isIndexType, isManifestType, mediaTypes } from "./content/media-types.ts"
export { formatPlatform, matchesPlatform, type Platform, parsePlatform } from "./content/platform.ts"
export * from "./content/store.ts"
export type { CopyRequest, Engine } from "./engines/engine.ts"
export { type ErrorCode, errorCodes, type Side } from "./errors/error-code.ts"
export { type Locale, localeOf, type Text } from "./errors/locale.ts"
export { type DescribedError, describeError, describeErrorDetail } from "./errors/messages.ts"
export { type DescribedStage, describeStage, type StageParams } from "./errors/stage-messages.ts"
export {
  isCancellation,
  isRetryable,
  isTransferError,
  TransferError,
  type TransferErrorDetails,
} from "./errors/transfer-error.ts"
export * from "./reference/index.ts"
export type * from "./transfer/events.ts"
export type { PlannedBlob, PlannedManifest, TransferPlan } from "./transfer/plan.ts"
