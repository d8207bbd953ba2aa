import { join, resolve } from "node:path"
import type { RegistryConfiguration } from "./configuration.ts"
import type { SettingReader } from "./setting-reader.ts"
import { settings } from "./settings.ts"

interface Place {
  /** What file names are relative to. */
  readonly root: string
  readonly dataDirectory: string
  readonly publicUrl: string | undefined
  readonly selfRegistry: string | undefined
}

/** Reads what concerns the registry under /v2; what is wrong joins the problems. */
export function readRegistry(reader: SettingReader, place: Place, problems: string[]): RegistryConfiguration {
  const accounts = reader.read(settings.registryAccounts) ?? []
  const skipAuthProxy = reader.read(settings.skipAuthProxy) ?? false
  if (skipAuthProxy && accounts.length > 0) {
    problems.push(
      "SKIP_AUTH_PROXY is true and ACCOUNTS is set: without our own authentication nobody would ask for them; unset one",
    )
  }
  const blobDirectory = reader.read(settings.blobDirectory)
  return {
    upstream: reader.read(settings.upstreamRegistry),
    self: place.selfRegistry ?? place.publicUrl,
    service: reader.read(settings.selfAuthService) ?? "docker-image-proxy",
    accounts,
    skipAuthProxy,
    anonymous: reader.read(settings.registryAnonymous) ?? "auto",
    blobDirectory: blobDirectory === undefined ? join(place.dataDirectory, "registry") : resolve(place.root, blobDirectory),
    quotaBytes: reader.read(settings.registryQuota) || undefined,
    tagLifetimeMs: reader.read(settings.registryTagTtl) ?? 60_000,
    sendfile: reader.read(settings.registrySendfile),
    accessLogDays: (reader.read(settings.accessLogDays) ?? 30) || undefined,
  }
}
