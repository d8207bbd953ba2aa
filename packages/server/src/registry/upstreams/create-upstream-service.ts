import { type Credentials, credentials, type HostSettings } from "@entrepot/core"
import { type Database, NameTaken, type UpstreamRecord } from "@entrepot/db/stores"
import type { UpstreamHealth } from "@entrepot/registry"
import type { Actor } from "../../accounts/actor.ts"
import { AuditTrail } from "../../accounts/audit-trail.ts"
import { requireScope } from "../../accounts/rights.ts"
import { ServiceError } from "../../errors/service-error.ts"
import type { Log } from "../../runtime/runtime.ts"
import { type CheckedTarget, TargetChecker, type TargetCheckerOptions } from "../../targets/check-target.ts"
import type { SealedText } from "../../targets/sealed-text.ts"
import { bindingOf, type LiveUpstreams, settingsOf } from "./live-upstreams.ts"
import { type ClearUpstream, hostOf, readUpstreamFields } from "./upstream-fields.ts"
import type { UpstreamCheck, UpstreamInput, UpstreamService, UpstreamView } from "./upstream-service.ts"
import { plainUpstream } from "./well-known-upstreams.ts"

export interface UpstreamServiceOptions {
  readonly stores: Pick<Database, "upstreams" | "audit">
  readonly live: LiveUpstreams
  readonly seals: SealedText
  readonly hosts: Readonly<Record<string, HostSettings>>
  /** What the registry knows of them now. */
  readonly health: () => readonly UpstreamHealth[]
  readonly check?: TargetCheckerOptions
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Upstreams over the store of one database. */
export function createUpstreamService(options: UpstreamServiceOptions): UpstreamService {
  return new Upstreams(options)
}

/** Between two that were put in order, so that one can come between. */
const priorityStep = 10

class Upstreams implements UpstreamService {
  readonly #options: UpstreamServiceOptions
  readonly #trail: AuditTrail
  readonly #checker: TargetChecker

  constructor(options: UpstreamServiceOptions) {
    this.#options = options
    this.#trail = new AuditTrail(options.stores.audit, options.log, options.now)
    this.#checker = new TargetChecker(options.check ?? {})
  }

  get keepsPasswords(): boolean {
    return this.#options.seals.canSeal
  }

  async list(actor: Actor): Promise<readonly UpstreamView[]> {
    requireScope(actor, "jobs:read")
    await this.#options.live.refresh()
    const health = new Map(this.#options.health().map((each) => [each.upstreamId, each]))
    const { records, pinned } = this.#options.live
    return records.map((record) => viewOf(record, record === pinned, health.get(record.id)))
  }

  async get(actor: Actor, id: number): Promise<UpstreamView> {
    const found = (await this.list(actor)).find((upstream) => upstream.id === id)
    if (found === undefined) throw notFound()
    return found
  }

  async create(actor: Actor, input: UpstreamInput): Promise<UpstreamView> {
    requireScope(actor, "admin")
    const fields = readUpstreamFields(input)
    const password = input.password ?? undefined
    this.#checkLogin(fields.username ?? null, password)
    const row = { ...plainUpstream, name: "", registry: "", url: "", ...fields }
    const created = await named(input.name, this.#options.stores.upstreams.create(row, this.#options.now()))
    // The seal is bound to the row's number, which is known only now.
    if (password !== undefined) await this.#save(created, {}, password)
    await this.#trail.ok(actor, "upstream.create", describe(created))
    return this.get(actor, created.id)
  }

  async update(actor: Actor, id: number, changes: Partial<UpstreamInput>): Promise<UpstreamView> {
    requireScope(actor, "admin")
    const record = await this.#saved(id)
    const fields = readUpstreamFields(changes)
    const username = fields.username === undefined ? record.username : fields.username
    // The scheme too: a password that went over TLS is not sent in clear, or to another port, without a word.
    const moved = fields.url !== undefined && new URL(fields.url).origin !== new URL(record.url).origin
    const forgets = changes.password === null || moved || username === null
    const password = changes.password ?? (forgets ? null : undefined)
    this.#checkLogin(username, password ?? undefined)
    await this.#save(record, fields, password)
    await this.#trail.ok(actor, "upstream.update", describe({ ...record, ...fields }))
    return this.get(actor, id)
  }

  async remove(actor: Actor, id: number): Promise<void> {
    requireScope(actor, "admin")
    const record = await this.#saved(id)
    if (!(await this.#options.stores.upstreams.remove(id))) throw notFound()
    await this.#trail.ok(actor, "upstream.remove", describe(record))
    await this.#options.live.refresh()
  }

  async order(actor: Actor, ids: readonly number[]): Promise<readonly UpstreamView[]> {
    requireScope(actor, "admin")
    const records = await Promise.all(ids.map((id) => this.#saved(id)))
    if (new Set(records.map(({ registry }) => registry)).size > 1 || new Set(ids).size < ids.length) {
      throw new ServiceError("invalid", "only upstreams of one registry have an order among themselves, and each one place in it")
    }
    for (const [place, { id }] of records.entries()) {
      await this.#options.stores.upstreams.update(id, { priority: (place + 1) * priorityStep }, this.#options.now())
    }
    await this.#trail.ok(actor, "upstream.order", records.map(describe).join(", "))
    return this.list(actor)
  }

  async check(
    actor: Actor,
    upstream: { readonly id: number } | Omit<UpstreamInput, "name" | "registry">,
    signal: AbortSignal,
  ): Promise<UpstreamCheck> {
    requireScope(actor, "admin")
    const asked = "id" in upstream ? await this.#checkedSaved(actor, upstream.id) : this.#checkedTyped(upstream)
    const { push: _, ...answers } = await this.#checker.check({ ...asked, project: "library", push: false }, signal)
    return answers
  }

  async #saved(id: number): Promise<UpstreamRecord> {
    const found = await this.#options.stores.upstreams.get(id)
    if (found === undefined) throw notFound()
    return found
  }

  /** Writes `fields`, and in the same step the seal for the version that this makes. Undefined keeps the password, null forgets it. */
  async #save(record: UpstreamRecord, fields: ClearUpstream, password: string | null | undefined): Promise<void> {
    const plain = password === undefined && record.sealed !== null ? this.#openSeal(record, record.sealed) : password
    const next = { ...record, ...fields, version: record.version + 1 }
    const sealed = plain === null || plain === undefined ? null : this.#options.seals.seal(plain, bindingOf(next))
    const changes = { ...fields, sealed, version: next.version }
    const saved = await named(next.name, this.#options.stores.upstreams.update(record.id, changes, this.#options.now()))
    if (saved === undefined) throw notFound()
    await this.#options.live.refresh()
  }

  #openSeal(record: UpstreamRecord, sealed: string): string {
    const password = this.#options.seals.open(sealed, bindingOf(record))
    if (password !== undefined) return password
    throw new ServiceError(
      "unavailable",
      `the saved password of ${record.name} cannot be opened with the present master keys; give it anew`,
    )
  }

  #checkLogin(username: string | null, password: string | undefined): void {
    if (password === undefined) return
    if (username === null) throw new ServiceError("invalid", "a password needs a user name")
    if (this.keepsPasswords) return
    throw new ServiceError("unavailable", "passwords cannot be kept: no master key is configured (MASTER_KEY_FILE)")
  }

  async #checkedSaved(actor: Actor, id: number): Promise<Omit<CheckedTarget, "project">> {
    const record = id === 0 ? this.#options.live.records.find((each) => each.id === 0) : await this.#saved(id)
    if (record === undefined) throw notFound()
    return {
      host: hostOf(record),
      settings: settingsOf(record, this.#options.hosts),
      credentials: await this.#credentials(actor, record),
    }
  }

  #checkedTyped(input: Omit<UpstreamInput, "name" | "registry">): Omit<CheckedTarget, "project"> {
    const { url = "", tlsVerify = true, ca = null, username } = readUpstreamFields(input)
    const { password } = input
    const isLogin = username !== undefined && username !== null && password !== undefined && password !== null
    return {
      host: hostOf({ url }),
      settings: settingsOf({ url, tlsVerify, ca }, this.#options.hosts),
      credentials: isLogin ? credentials({ username, password }) : undefined,
    }
  }

  async #credentials(actor: Actor, record: UpstreamRecord): Promise<Credentials | undefined> {
    const { username, sealed } = record
    if (username === null || sealed === null) return undefined
    const password = this.#openSeal(record, sealed)
    await this.#trail.ok(actor, "credentials.use", describe(record))
    return credentials({ username, password })
  }
}

async function named<Result>(name: string, saving: Promise<Result>): Promise<Result> {
  try {
    return await saving
  } catch (error) {
    if (error instanceof NameTaken) throw new ServiceError("conflict", `there is an upstream ${name} already`, { cause: error })
    throw error
  }
}

function viewOf({ sealed, ca, ...shown }: UpstreamRecord, pinned: boolean, health: UpstreamHealth | undefined): UpstreamView {
  return {
    ...shown,
    hasPassword: sealed !== null,
    hasCa: ca !== null,
    configured: shown.id === 0,
    pinned,
    health: health ?? null,
  }
}

function describe({ id, name, url }: UpstreamRecord): string {
  return `${name} (${id}: ${hostOf({ url })})`
}

function notFound(): ServiceError {
  return new ServiceError("not_found", "there is no such upstream")
}
