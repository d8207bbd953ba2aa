import type { AccessRule, Database } from "@entrepot/db/stores"
import type { AccessRules, ProjectRights, Subject } from "@entrepot/registry"
import type { RegistryConfiguration } from "../configuration/configuration.ts"
import type { Log } from "../runtime/runtime.ts"
import { SavedState } from "../settings/saved-state.ts"
import { type AccessRecords, AccessSnapshot } from "./access-snapshot.ts"
import type { ConfiguredAccounts } from "./configured-accounts.ts"

export interface LiveAccessOptions {
  readonly stores: Pick<Database, "pullUsers" | "users" | "apiKeys" | "accessRules" | "projects" | "projectMembers" | "config">
  readonly accounts: ConfiguredAccounts
  readonly anonymous: RegistryConfiguration["anonymous"]
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** `true`: once somebody needed to log in; `false`: an administrator opened the registry again. */
const key = "registry.restricted"

/**
 * The rules in force, in memory: who may pull what, who is a member of what, and who still stands. Changes of this process are in force when
 * `refresh` has resolved, those of others within seconds.
 */
export class LiveAccess implements AccessRules {
  readonly #options: LiveAccessOptions
  #snapshot = new AccessSnapshot({
    pullUsers: [],
    webUsers: [],
    keys: [],
    rules: [],
    projects: [],
    members: [],
    // Until it is known, nobody is let in.
    restricted: true,
  })
  readonly #state: SavedState<AccessRecords>

  constructor(options: LiveAccessOptions) {
    this.#options = options
    this.#state = new SavedState({
      what: "the rights of the registry",
      read: () => this.#read(),
      apply: (records) => {
        this.#snapshot = new AccessSnapshot(records)
      },
      log: options.log,
    })
  }

  get open(): boolean {
    const { anonymous, accounts } = this.#options
    if (anonymous !== "auto") return anonymous === "yes"
    return accounts.size === 0 && !this.#snapshot.restricted
  }

  /** The configuration alone decides about `open`. */
  get isConfigured(): boolean {
    return this.#options.anonymous !== "auto" || this.#options.accounts.size > 0
  }

  /** The first pull user or `allow` will make people log in: nobody has decided yet. */
  get closesItself(): boolean {
    return this.open && !this.isConfigured && !this.#snapshot.isDecided
  }

  /** Whether anybody has a login here, keys aside. */
  get hasLogins(): boolean {
    return this.#options.accounts.size > 0 || this.#snapshot.hasPullUsers
  }

  isWhitelisted(canonicalName: string): boolean {
    return this.#snapshot.whitelist.covers(canonicalName)
  }

  isDenied(canonicalName: string): boolean {
    return this.#snapshot.denied.covers(canonicalName)
  }

  /** The rule that speaks of an image; one that denies comes first. */
  ruleFor(canonicalName: string): Pick<AccessRule, "effect" | "prefix"> | undefined {
    const denied = this.#snapshot.denied.find(canonicalName)
    if (denied !== undefined) return { effect: "deny", prefix: denied }
    const allowed = this.#snapshot.whitelist.find(canonicalName)
    return allowed === undefined ? undefined : { effect: "allow", prefix: allowed }
  }

  project(name: string): ProjectRights | undefined {
    return this.#snapshot.projects.get(name)
  }

  /** Whether a subject that showed its password or key earlier is still what it was. */
  stands(subject: Subject): boolean {
    if (subject.kind === "anonymous") return true
    if (subject.kind === "account") return this.#options.accounts.stands(subject)
    return this.#snapshot.stands(subject, this.#options.now())
  }

  /** Reads everything for the first time. Accounts that are configured make the registry one that people log in to, for good. */
  async initialise(): Promise<void> {
    if (this.#options.accounts.size > 0) await this.restrict()
    else await this.refresh()
  }

  /** From now on people need to log in, unless an administrator has decided otherwise before. */
  async restrict(): Promise<void> {
    await this.#options.stores.config.replace(key, undefined, "true", this.#options.now())
    await this.refresh()
  }

  /** An administrator's word, which holds until the next one. */
  async setOpen(open: boolean): Promise<void> {
    await this.#options.stores.config.set(key, String(!open), this.#options.now())
    await this.refresh()
  }

  /** Brings into force what is saved now. @throws when the database does not answer. */
  refresh(): Promise<void> {
    return this.#state.refresh()
  }

  /** From now on takes over what other processes save, until it is stopped. */
  watch(): void {
    this.#state.watch()
  }

  stop(): Promise<void> {
    return this.#state.stop()
  }

  async #read(): Promise<AccessRecords> {
    const { stores } = this.#options
    const [pullUsers, webUsers, keys, rules, projects, members, restricted] = await Promise.all([
      stores.pullUsers.list(),
      stores.users.list(),
      stores.apiKeys.list(),
      stores.accessRules.list(),
      stores.projects.list(),
      stores.projectMembers.list(),
      stores.config.get(key),
    ])
    return {
      pullUsers,
      webUsers,
      keys,
      rules,
      projects,
      members,
      restricted: restricted === undefined ? undefined : restricted !== "false",
    }
  }
}
