import type { Credentials, TargetCheck } from "@entrepot/core"
import type { Target } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"

/** A target as it is shown: that it has a password, never which. */
export type TargetView = Omit<Target, "sealed" | "ca"> & { readonly hasPassword: boolean; readonly hasCa: boolean }

export interface TargetInput {
  readonly name: string
  /** `harbor.example.com[:port][/project]`. */
  readonly address: string
  readonly naming?: string | undefined
  readonly shared?: boolean | undefined
  readonly plainHttp?: boolean | undefined
  readonly tlsVerify?: boolean | undefined
  readonly ca?: string | null | undefined
  readonly username?: string | null | undefined
  /** Write-only. Null forgets it. */
  readonly password?: string | null | undefined
}

/** A target that is typed for one job or one test. */
export interface TypedTarget {
  readonly address: string
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly plainHttp?: boolean | undefined
  readonly tlsVerify?: boolean | undefined
}

/** A target as it would be saved, for a check of it. */
export interface TriedTarget extends TypedTarget {
  /** Certificates in PEM form that its own may be signed with. */
  readonly ca?: string | undefined
}

/** Saved targets: an operator's own and the shared ones, all for an administrator. A foreign one is not found. */
export interface TargetService {
  /** Whether passwords can be kept: a master key is configured. */
  readonly keepsPasswords: boolean
  /** Address of the configuration's target, for images that name none; null where there is none. Its login stays here. */
  readonly defaultTarget: string | null
  list(actor: Actor): Promise<readonly TargetView[]>
  get(actor: Actor, id: number): Promise<TargetView>
  /** @throws ServiceError `unavailable` when a password is given and there is no master key; TransferError for the address and the naming rule. */
  create(actor: Actor, input: TargetInput): Promise<TargetView>
  /** A change of host without a new password forgets the old one: the seal is bound to the host. */
  update(actor: Actor, id: number, version: number, changes: Partial<TargetInput>): Promise<TargetView>
  remove(actor: Actor, id: number): Promise<void>
  /**
   * Four answers (seed 0 section 2.2), never a server's words. Only people who may start jobs may ask.
   * @throws ServiceError `invalid` for a CA that is no certificate; TransferError for the address.
   */
  check(actor: Actor, target: TriedTarget | { readonly targetId: number }, signal: AbortSignal): Promise<TargetCheck>
  /**
   * For the runner: the whole record, and its credentials unsealed; the use is audited.
   * @throws ServiceError `unavailable` when there is a password that no present master key opens.
   */
  open(id: number): Promise<{ readonly target: Target; readonly credentials: Credentials | undefined } | undefined>
  /** Seals everything with the present master key anew; returns how many. */
  rewrap(): Promise<number>
}
