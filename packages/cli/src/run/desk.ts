import type { BatchRequest, HistoryQuery, MirrorRequest, TargetInput } from "@entrepot/client"
import type { TargetCheck } from "@entrepot/core"
import type { History } from "@entrepot/server/history"
import type { LocalServices } from "@entrepot/server/local-services"
import type { Context } from "../context.ts"
import { type ServerOptions, serverOf } from "../options/server-options.ts"
import type { Logins } from "./logins.ts"

export type Job = Awaited<ReturnType<History["jobs"]["get"]>>
export type JobPage = Awaited<ReturnType<History["jobs"]["list"]>>
export type FollowedEvent = ReturnType<History["jobs"]["follow"]> extends AsyncIterable<infer Event> ? Event : never
export type Target = Awaited<ReturnType<LocalServices["targets"]["get"]>>

export interface FollowOptions {
  readonly signal: AbortSignal
  /** Told when the connection has broken, and when it is there again. Never at this machine. */
  readonly onConnection?: (state: "broken" | "restored") => void
}

/** Where jobs are looked at and steered: the database of this machine, or an application somewhere. Commands do not know which. */
export interface Desk extends AsyncDisposable {
  /** Address of the application; undefined for this machine. */
  readonly server: string | undefined
  list(query: HistoryQuery): Promise<JobPage>
  get(id: number): Promise<Job>
  /** Everything from its first event, then what comes, until the job has ended, or the signal is aborted. */
  follow(id: number, options: FollowOptions): AsyncIterable<FollowedEvent>
  cancel(id: number): Promise<Job>
  retry(id: number, logins: Partial<Logins>): Promise<Job>
  remove(id: number): Promise<void>
  readonly targets: {
    list(): Promise<readonly Target[]>
    create(input: TargetInput): Promise<Target>
    remove(id: number): Promise<void>
    check(id: number, signal: AbortSignal): Promise<TargetCheck>
  }
}

/** A desk that takes work: this machine does its own at once, and so has no need to. */
export interface ServerDesk extends Desk {
  start(request: MirrorRequest): Promise<Job>
  startBatch(request: BatchRequest): Promise<Job>
}

/** The desk that the options mean. @throws TransferError `usage`, `unauthorized`. */
export async function openDesk(options: ServerOptions, context: Context): Promise<Desk> {
  const address = serverOf(options, context)
  return address === undefined
    ? (await import("./local-desk.ts")).localDesk(context)
    : (await import("./server-desk.ts")).serverDesk(address, context)
}
