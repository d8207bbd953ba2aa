import { type Credentials, credentials, type HostSettings, parseTargetBase, type TargetCheck } from "@entrepot/core"
import type { Database, NewTarget, Target } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import { AuditTrail, type Doer } from "../accounts/audit-trail.ts"
import { requireScope } from "../accounts/rights.ts"
import { ServiceError } from "../errors/service-error.ts"
import type { Log } from "../runtime/runtime.ts"
import { checkOwnRegistry, type OwnRegistry } from "./check-own-registry.ts"
import { type CheckedTarget, TargetChecker, type TargetCheckerOptions } from "./check-target.ts"
import { type SealBinding, SealedText } from "./sealed-text.ts"
import { readTargetFields } from "./target-fields.ts"
import type { TargetInput, TargetService, TargetView, TriedTarget } from "./target-service.ts"

export interface TargetServiceOptions {
  readonly stores: Pick<Database, "targets" | "projects" | "schedules" | "audit">
  /** Keys that passwords are sealed with: the first seals, all open. Empty: passwords are not kept. */
  readonly masterKeys: readonly Uint8Array[]
  readonly log: Log
  /** Hosts with settings of their own, from the configuration. */
  readonly hosts?: Readonly<Record<string, HostSettings>>
  readonly check?: TargetCheckerOptions
  /** This server's own registry, where it has one: no connection is made to it. */
  readonly own?: OwnRegistry | undefined
  /** Address of the configuration's target. */
  readonly defaultTarget?: string | undefined
  /** Milliseconds since 1970. Default Date.now. */
  readonly now?: () => number
  readonly randomBytes?: (size: number) => Buffer
}

/** Saved targets over the store of one database. */
export function createTargetService(options: TargetServiceOptions): TargetService {
  return new Targets(options)
}

class Targets implements TargetService {
  readonly #options: TargetServiceOptions
  readonly #now: () => number
  readonly #seals: SealedText
  readonly #trail: AuditTrail
  readonly #checker: TargetChecker

  constructor(options: TargetServiceOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#seals = new SealedText(options.masterKeys, options.randomBytes)
    this.#trail = new AuditTrail(options.stores.audit, options.log, this.#now)
    this.#checker = new TargetChecker(options.check ?? {})
  }

  get keepsPasswords(): boolean {
    return this.#seals.canSeal
  }

  get defaultTarget(): string | null {
    return this.#options.defaultTarget ?? null
  }

  async list(actor: Actor): Promise<readonly TargetView[]> {
    requireScope(actor, "jobs:read")
    return (await this.#options.stores.targets.list()).filter((target) => isVisible(actor, target)).map(viewOf)
  }

  async get(actor: Actor, id: number): Promise<TargetView> {
    requireScope(actor, "jobs:read")
    return viewOf(await this.#visible(actor, id))
  }

  async create(actor: Actor, input: TargetInput): Promise<TargetView> {
    requireScope(actor, "jobs:write")
    const fields = readTargetFields(input)
    const password = input.password ?? undefined
    this.#checkLogin(fields.username ?? null, password)
    const row: NewTarget = {
      ownerId: actor.userId,
      shared: false,
      name: "",
      host: "",
      project: "",
      naming: "default",
      plainHttp: false,
      tlsVerify: true,
      ca: null,
      username: null,
      ...fields,
      sealed: null,
    }
    const created = await this.#options.stores.targets.create(row, this.#now())
    await this.#trail.ok(actor, "target.create", describe(created))
    // The seal is bound to the row's number, which is known only now.
    return viewOf(password === undefined ? created : await this.#save(created, {}, password))
  }

  async update(actor: Actor, id: number, version: number, changes: Partial<TargetInput>): Promise<TargetView> {
    requireScope(actor, "jobs:write")
    const target = await this.#own(actor, id)
    if (target.version !== version) throw changedMeanwhile()
    const fields = readTargetFields(changes)
    const username = fields.username === undefined ? target.username : fields.username
    const moved = fields.host !== undefined && fields.host !== target.host
    const forgets = changes.password === null || moved || username === null
    const password = changes.password ?? (forgets ? null : undefined)
    this.#checkLogin(username, password ?? undefined)
    const saved = await this.#save(target, fields, password)
    await this.#trail.ok(actor, "target.update", describe(saved))
    return viewOf(saved)
  }

  async remove(actor: Actor, id: number): Promise<void> {
    requireScope(actor, "jobs:write")
    const target = await this.#own(actor, id)
    await this.#refuseUsed(id)
    if (!(await this.#options.stores.targets.remove(id))) throw notFound()
    await this.#trail.ok(actor, "target.remove", describe(target))
  }

  async check(actor: Actor, target: TriedTarget | { readonly targetId: number }, signal: AbortSignal): Promise<TargetCheck> {
    requireScope(actor, "jobs:write")
    const { own } = this.#options
    const checked = "targetId" in target ? await this.#saved(actor, target.targetId) : this.#typed(target)
    return own?.isOwn(checked.host) ? checkOwnRegistry(own, actor, checked) : this.#checker.check(checked, signal)
  }

  async open(id: number): Promise<{ readonly target: Target; readonly credentials: Credentials | undefined } | undefined> {
    const target = await this.#options.stores.targets.get(id)
    if (target === undefined) return undefined
    return { target, credentials: await this.#credentials({ userId: null, name: "jobs", address: "" }, target) }
  }

  async rewrap(): Promise<number> {
    let sealed = 0
    for (const target of await this.#options.stores.targets.list()) {
      if (target.sealed === null) continue
      const password = this.#seals.open(target.sealed, target)
      if (password === undefined) {
        this.#options.log.warn({ target: target.id, host: target.host }, "no present master key opens this target's password")
        continue
      }
      await this.#save(target, {}, password)
      sealed++
    }
    return sealed
  }

  async #visible(actor: Actor, id: number): Promise<Target> {
    const target = await this.#options.stores.targets.get(id)
    if (target === undefined || !isVisible(actor, target)) throw notFound()
    return target
  }

  async #own(actor: Actor, id: number): Promise<Target> {
    const target = await this.#visible(actor, id)
    if (target.ownerId === actor.userId || actor.role === "admin") return target
    throw new ServiceError("forbidden", "this target is shared by somebody else; only its owner changes it")
  }

  /** Without its target a project or schedule would send its images to the default one, which nobody said. */
  async #refuseUsed(id: number): Promise<void> {
    const { projects, schedules } = this.#options.stores
    const uses = [...(await projects.list()), ...(await schedules.list())].filter(({ targetId }) => targetId === id)
    if (uses.length === 0) return
    throw new ServiceError("conflict", `${uses.length} projects or schedules use this target; give them another first`)
  }

  /** Writes `fields`, and in the same step the seal for the version that this makes. Undefined keeps the password, null forgets it. */
  async #save(target: Target, fields: Partial<NewTarget>, password: string | null | undefined): Promise<Target> {
    const plain = password === undefined && target.sealed !== null ? this.#openSeal(target, target.sealed) : password
    const next: SealBinding = { ...target, ...fields, version: target.version + 1 }
    const sealed = plain === null || plain === undefined ? null : this.#seals.seal(plain, next)
    const { targets } = this.#options.stores
    if (!(await targets.update(target.id, target.version, { ...fields, sealed }, this.#now()))) throw changedMeanwhile()
    const saved = await targets.get(target.id)
    if (saved === undefined) throw notFound()
    return saved
  }

  #openSeal(target: Target, sealed: string): string {
    const password = this.#seals.open(sealed, target)
    if (password !== undefined) return password
    throw new ServiceError(
      "unavailable",
      `the saved password of ${target.name} cannot be opened with the present master keys; give it anew`,
    )
  }

  #checkLogin(username: string | null, password: string | undefined): void {
    if (password === undefined) return
    if (username === null) throw new ServiceError("invalid", "a password needs a user name")
    if (this.keepsPasswords) return
    throw new ServiceError("unavailable", "passwords cannot be kept: no master key is configured (MASTER_KEY_FILE)")
  }

  async #credentials(doer: Doer, target: Target): Promise<Credentials | undefined> {
    if (target.username === null || target.sealed === null) return undefined
    try {
      const password = this.#openSeal(target, target.sealed)
      await this.#trail.ok(doer, "credentials.use", describe(target))
      return credentials({ username: target.username, password })
    } catch (error) {
      await this.#trail.refused(doer, "credentials.use", describe(target))
      throw error
    }
  }

  async #saved(actor: Actor, id: number): Promise<CheckedTarget> {
    const target = await this.#visible(actor, id)
    const { host, project, plainHttp, tlsVerify, ca } = target
    const settings = {
      ...this.#options.hosts?.[host],
      ...(plainHttp ? { plainHttp } : {}),
      ...(tlsVerify ? {} : { tlsVerify }),
      ...(ca === null ? {} : { ca }),
    }
    return { host, project, settings, credentials: await this.#credentials(actor, target) }
  }

  #typed(target: TriedTarget): CheckedTarget {
    const { host, project = "proxy" } = parseTargetBase(target.address)
    const { ca } = readTargetFields({ ca: target.ca })
    const settings = {
      ...this.#options.hosts?.[host],
      ...(target.plainHttp === undefined ? {} : { plainHttp: target.plainHttp }),
      ...(target.tlsVerify === undefined ? {} : { tlsVerify: target.tlsVerify }),
      ...(ca === undefined || ca === null ? {} : { ca }),
    }
    const { username, password } = target
    const login = username === undefined || password === undefined ? undefined : credentials({ username, password })
    return { host, project, settings, credentials: login }
  }
}

function isVisible(actor: Actor, target: Target): boolean {
  return target.shared || target.ownerId === actor.userId || actor.role === "admin"
}

function viewOf({ sealed, ca, ...shown }: Target): TargetView {
  return { ...shown, hasPassword: sealed !== null, hasCa: ca !== null }
}

function describe({ id, name, host }: Target): string {
  return `${name} (${id}: ${host})`
}

function notFound(): ServiceError {
  return new ServiceError("not_found", "there is no such target")
}

function changedMeanwhile(): ServiceError {
  return new ServiceError("conflict", "somebody else changed this target meanwhile; look at it again")
}
