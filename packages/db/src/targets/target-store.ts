/** A registry that mirrors are pushed to. Its password is sealed with a key that is not in the database, or is not kept. */
export interface Target {
  readonly id: number
  readonly ownerId: number
  /** Other operators may use it. */
  readonly shared: boolean
  readonly name: string
  /** As in a reference: `harbor.example.com:8443`. */
  readonly host: string
  readonly project: string
  /** Naming rule as a person writes it. */
  readonly naming: string
  readonly plainHttp: boolean
  readonly tlsVerify: boolean
  /** PEM certificates to trust, null for the usual ones. */
  readonly ca: string | null
  readonly username: string | null
  /** Sealed password, a text that means nothing without the master key; null where none is kept. */
  readonly sealed: string | null
  /** Raised with every change; part of what the seal is bound to. */
  readonly version: number
  readonly createdAt: number
  readonly updatedAt: number
}

/** A target before it has a number. */
export type NewTarget = Omit<Target, "id" | "version" | "createdAt" | "updatedAt">

/** Saved places to copy to. */
export interface TargetStore {
  create(target: NewTarget, at: number): Promise<Target>
  get(id: number): Promise<Target | undefined>
  list(): Promise<readonly Target[]>
  /** Only while it still has `version`, which is then raised by one: two editors do not overwrite each other. False otherwise. */
  update(id: number, version: number, changes: Partial<NewTarget>, at: number): Promise<boolean>
  remove(id: number): Promise<boolean>
}
