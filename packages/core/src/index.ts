/** The library's face: places, transfers and errors. The Docker engine has an entry of its own, since it loads dockerode. */

export type { Descriptor } from "./content/descriptor.ts"
export { type Digest, digestOf, isDigest } from "./content/digest.ts"
export { type ImageManifest, type IndexManifest, type ParsedManifest, parseManifest } from "./content/manifest.ts"
export { isIndexType, isManifestType, mediaTypes } from "./content/media-types.ts"
export { formatPlatform, matchesPlatform, type Platform, parsePlatform } from "./content/platform.ts"
export * from "./content/store.ts"
export { createDirectEngine, type DirectEngineOptions } from "./engines/direct.ts"
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
export { createHttp, type Http } from "./http/create-http.ts"
export { type CredentialSource, type Credentials, credentials } from "./http/credentials/credentials.ts"
export { dockerCertificates } from "./http/credentials/docker-certificates.ts"
export { type DockerConfigOptions, dockerConfig } from "./http/credentials/docker-config.ts"
export { firstOf } from "./http/credentials/first-of.ts"
export { staticCredentials } from "./http/credentials/static-credentials.ts"
export { eraseCredentials, storeCredentials } from "./http/credentials/store-credentials.ts"
export type { HttpOptions } from "./http/http-options.ts"
export type { HttpNotice } from "./http/layers/notice.ts"
export type { HostSettings } from "./http/transport/host-settings.ts"
export { type ProxySettings, proxySettings } from "./http/transport/proxy-settings.ts"
export * from "./reference/index.ts"
export { type CacheIndex, type CacheIndexEntry, readCacheIndex } from "./stores/cache/cache-index.ts"
export { openDockerArchive } from "./stores/docker-archive/docker-archive-source.ts"
export { cacheLocation, formatLocation, type Location, parseLocation } from "./stores/location.ts"
export { type Opened, openSource, openTarget, type StoreContext } from "./stores/open-store.ts"
export { type CheckAnswer, checkTarget, type TargetCheck } from "./stores/remote/check.ts"
export type * from "./transfer/events.ts"
export type { PlannedBlob, PlannedManifest, TransferPlan } from "./transfer/plan.ts"
export { type PlanOptions, planTransfer } from "./transfer/plan-transfer.ts"
export { type SessionOptions, TransferSession } from "./transfer/session.ts"
export { failureOf, type TransferEnds, transfer } from "./transfer/transfer.ts"
