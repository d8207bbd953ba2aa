import type { Database } from "@entrepot/db/stores"
import type { AccessRules, Authenticator, UpstreamList } from "@entrepot/registry"
import type { AccountService } from "../accounts/account-service.ts"
import type { LoginBackoff } from "../accounts/login-backoff.ts"
import type { PasswordChecks } from "../accounts/password-checks.ts"
import type { RegistryConfiguration } from "../configuration/configuration.ts"
import { ServiceError } from "../errors/service-error.ts"
import type { Log } from "../runtime/runtime.ts"
import { findAccessProblem } from "./access-check.ts"
import { ConfiguredAccounts } from "./configured-accounts.ts"
import { createAuthenticator } from "./create-authenticator.ts"
import { createPullAccessService } from "./create-pull-access-service.ts"
import { LiveAccess } from "./live-access.ts"
import type { PullAccessService } from "./pull-access-service.ts"

export interface PullAccessOptions {
  readonly stores: Pick<
    Database,
    "pullUsers" | "users" | "apiKeys" | "accessRules" | "projects" | "projectMembers" | "config" | "audit"
  >
  readonly configuration: Pick<RegistryConfiguration, "accounts" | "anonymous" | "skipAuthProxy">
  /** The first one marks what ACCOUNTS holds; it is the same in every process of a cluster. */
  readonly serverSecrets: readonly Uint8Array[]
  /** What is read through. */
  readonly upstreams: UpstreamList
  readonly keys: Pick<AccountService, "byBearer" | "onEnded">
  /** Shared with the account service. */
  readonly passwords: PasswordChecks
  readonly backoff: LoginBackoff
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Everything that decides who may pull and push, in force and kept up with other processes until it is closed. */
export interface PullAccess {
  readonly rules: AccessRules
  readonly authenticator: Authenticator
  readonly service: PullAccessService
  /** For whoever has changed projects, web users or keys: the change is in force when it resolves. @throws when the database does not answer. */
  refresh(): Promise<void>
  close(): Promise<void>
}

/** @throws ServiceError `invalid` for settings that contradict each other; when the database does not answer. */
export async function openPullAccess(options: PullAccessOptions): Promise<PullAccess> {
  const { stores, configuration, serverSecrets, keys, passwords, upstreams, log, now } = options
  const problem = findAccessProblem(configuration)
  if (problem !== undefined) throw new ServiceError("invalid", problem)
  const [secret] = serverSecrets
  if (secret === undefined) throw new ServiceError("invalid", "there is no server secret to know accounts again by")
  const accounts = new ConfiguredAccounts(configuration.accounts, secret)
  const live = new LiveAccess({ stores, accounts, anonymous: configuration.anonymous, log, now })
  await live.initialise()
  live.watch()
  const refresh = () => live.refresh()
  const stopListening = keys.onEnded(() => {
    refresh().catch((error: unknown) => log.warn({ error: String(error) }, "the rights of the registry could not be looked up"))
  })
  return {
    rules: live,
    authenticator: createAuthenticator({ ...options, live, accounts }),
    service: createPullAccessService({ stores, live, upstreams, passwords, log, now }),
    refresh,
    close: () => {
      stopListening()
      return live.stop()
    },
  }
}
