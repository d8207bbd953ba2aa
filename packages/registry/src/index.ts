/** The registry's face. */

export * from "./access/access.ts"
export type * from "./access/gate.ts"
export type * from "./access-log/access-entry.ts"
export { type AccessLogOptions, createAccessLog, type WrittenAccessLog } from "./access-log/create-access-log.ts"
export type * from "./blobs/blob-store.ts"
export { createDiskBlobStore, type DiskBlobStoreOptions } from "./blobs/disk-blob-store.ts"
export { isDiskFull } from "./blobs/is-disk-full.ts"
export type * from "./proxy/resolved-name.ts"
export type * from "./proxy/upstream.ts"
export { RegistryError, type RegistryErrorCode, type RegistryErrorDetails, registryErrorStatus } from "./registry-error.ts"
export type * from "./warehouse/hosted-repository.ts"
export type * from "./warehouse/readable-repository.ts"
