import { parseLocation, parsePasted, type TransferPlan } from "@entrepot/core"
import { type CredentialSide, isEnded, type Job, type JobStore, type NewJob } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import { ServiceError } from "../errors/service-error.ts"
import { loginCredentials } from "./choose-target.ts"
import type { CredentialVault, JobCredentials } from "./credential-vault.ts"
import { JobControls, type JobControlsOptions } from "./job-controls.ts"
import { requireWriter } from "./job-rights.ts"
import type { BatchRequest, InspectedImage, InspectRequest, JobService, Login, MirrorRequest } from "./job-service.ts"
import { OpenJobsCap } from "./open-jobs-cap.ts"
import { refuseOwnAddress } from "./own-address.ts"
import { type PreparedMirror, type PrepareMirrorOptions, prepareMirror } from "./prepare-mirror.ts"
import { inspectImage } from "./run/inspect-image.ts"
import type { JobEndsOptions } from "./run/job-ends.ts"
import { planMirror } from "./run/plan-mirror.ts"
import type { Transfers } from "./run/transfers.ts"

interface JobServiceOptions extends JobControlsOptions, Omit<PrepareMirrorOptions, "targets">, JobEndsOptions {
  readonly targets: PrepareMirrorOptions["targets"] & JobEndsOptions["targets"]
  readonly configuration: PrepareMirrorOptions["configuration"] & JobEndsOptions["configuration"]
  readonly vault: CredentialVault
  readonly transfers: Transfers
  /** False once the process drains. */
  readonly isAccepting: () => boolean
  readonly monotonic: () => number
}

const mostImages = 1000
const pageSize = 200

/** The job service, over what it is handed; nothing runs by making it. */
export function createJobService(options: JobServiceOptions): JobService {
  return new Jobs(options)
}

class Jobs extends JobControls implements JobService {
  readonly #options: JobServiceOptions
  readonly #store: JobStore
  readonly #cap: OpenJobsCap

  constructor(options: JobServiceOptions) {
    super(options)
    this.#options = options
    this.#store = options.jobs
    this.#cap = new OpenJobsCap(options.jobs, options.monotonic)
  }

  async inspect(actor: Actor, request: InspectRequest, signal: AbortSignal): Promise<InspectedImage> {
    requireWriter(actor)
    this.#requireAccepting()
    const image = parsePasted(request.image)
    refuseOwnAddress(image.registry, this.#options.configuration)
    const login = request.sourceLogin === undefined ? undefined : loginCredentials(request.sourceLogin)
    return inspectImage({ image, login, plainHttp: request.sourcePlainHttp === true }, this.#options, signal)
  }

  async plan(actor: Actor, request: MirrorRequest, signal: AbortSignal): Promise<TransferPlan> {
    const prepared = await this.#prepare(actor, [request], request)
    return planMirror(only(prepared.jobs), prepared.credentials, this.#options, signal)
  }

  async prepare(actor: Actor, request: MirrorRequest): Promise<NewJob> {
    return only((await this.#prepare(actor, [request], request)).jobs)
  }

  async start(actor: Actor, request: MirrorRequest): Promise<Job> {
    const { vault, now } = this.#options
    const { jobs, credentials } = await this.#prepare(actor, [request], request)
    await this.#cap.take(actor.userId, 1)
    return vault.filling(async () => {
      const job = only(await this.#store.create(jobs, now()))
      if (job.credentialSides.length > 0) vault.put(job.id, credentials)
      return job
    })
  }

  async startBatch(actor: Actor, request: BatchRequest): Promise<Job> {
    const { vault, now } = this.#options
    if (request.images.length < 1 || request.images.length > mostImages) {
      throw new ServiceError("invalid", `a batch has 1 to ${mostImages} images, not ${request.images.length}`)
    }
    const wanted = request.images.map((image) => (typeof image === "string" ? { image } : image))
    const { jobs, credentials } = await this.#prepare(actor, wanted, request)
    await this.#cap.take(actor.userId, jobs.length)
    const title = request.title?.trim() || titleOf(jobs)
    const priority = only(jobs.slice(0, 1)).priority
    return vault.filling(async () => {
      const { batch, children } = await this.#store.createBatch({ ownerId: actor.userId, priority, title, children: jobs }, now())
      for (const child of children) if (child.credentialSides.length > 0) vault.put(child.id, credentials)
      return batch
    })
  }

  async retry(
    actor: Actor,
    id: number,
    logins: { readonly source?: Login | undefined; readonly target?: Login | undefined } = {},
  ): Promise<Job> {
    const job = await this.changeable(actor, id)
    this.#requireAccepting()
    if (!isBetweenRegistries(job)) {
      throw new ServiceError("conflict", "a copy from or to a file is repeated where the file is: run the same command again")
    }
    const given: JobCredentials = {
      ...(logins.source ? { source: loginCredentials(logins.source) } : {}),
      ...(logins.target ? { target: loginCredentials(logins.target) } : {}),
    }
    const children = job.kind === "batch" ? await this.#childrenOf(job) : []
    await this.#requireTargets(actor, [job, ...children])
    const isRetried = job.kind === "batch" ? await this.#retryBatch(job, children, given) : await this.#retryOne(job, given)
    if (!isRetried)
      throw new ServiceError("conflict", "the job is under way, or in the queue, or has succeeded: there is nothing to retry")
    return this.get(actor, id)
  }

  async #prepare(
    actor: Actor,
    images: readonly { readonly image: string; readonly targetImage?: string | undefined }[],
    options: MirrorRequest | BatchRequest,
  ): Promise<PreparedMirror> {
    requireWriter(actor)
    this.#requireAccepting()
    return prepareMirror(actor, images, options, this.#options)
  }

  #requireAccepting(): void {
    if (this.#options.isAccepting()) return
    throw new ServiceError("unavailable", "the server is stopping; ask again in a moment", { retryAfterSeconds: 5 })
  }

  /** This process becomes the holder of what the job needs: where it knows nothing, the job waits for credentials instead of for a process that is gone. */
  async #retryOne(job: Job, given: JobCredentials): Promise<boolean> {
    const { vault, holder, now } = this.#options
    const known = vault.peek(job.id)
    const sides = [...new Set<CredentialSide>([...job.credentialSides, ...(Object.keys(given) as CredentialSide[])])]
    if (sides.length === 0) return this.#store.retry(job.id, now())
    return vault.filling(async () => {
      const isRetried = await this.#store.retry(job.id, now(), { sides, holder })
      // Only whoever put it back says with which login it goes on: another retry may have been quicker.
      if (isRetried) vault.put(job.id, { ...known, ...given })
      return isRetried
    })
  }

  /** A saved target may have been taken from this person since. @throws ServiceError `not_found`. */
  async #requireTargets(actor: Actor, jobs: readonly Job[]): Promise<void> {
    for (const id of new Set(jobs.map(({ targetId }) => targetId))) if (id !== null) await this.#options.targets.get(actor, id)
  }

  async #childrenOf(batch: Job): Promise<readonly Job[]> {
    const children: Job[] = []
    let before: number | undefined
    do {
      const cursor = before === undefined ? {} : { before }
      const page = await this.#store.list({ visibility: "all", parentId: batch.id, limit: pageSize, ...cursor })
      children.push(...page.jobs)
      before = page.next ?? undefined
    } while (before !== undefined)
    return children.reverse()
  }

  /** Children one by one where they need credentials, since each remembers its own. */
  async #retryBatch(batch: Job, children: readonly Job[], given: JobCredentials): Promise<boolean> {
    const needy = Object.keys(given).length > 0 || children.some(({ credentialSides }) => credentialSides.length > 0)
    if (!needy) return this.#store.retry(batch.id, this.#options.now())
    let retried = 0
    for (const child of children) {
      const isOver = isEnded(child) || child.state === "waiting"
      if (isOver && child.state !== "succeeded" && (await this.#retryOne(child, given))) retried += 1
    }
    return retried > 0
  }
}

/** The paths of the command line mean nothing to a server. */
function isBetweenRegistries({ kind, request }: Job): boolean {
  return kind === "batch" || [request.source, request.target].every((place) => parseLocation(place).transport === "docker")
}

function titleOf(jobs: readonly NewJob[]): string {
  const [first] = jobs
  return jobs.length === 1 ? (first?.source ?? "") : `${first?.source ?? ""} + ${jobs.length - 1}`
}

function only<Item>(items: readonly Item[]): Item {
  const [item] = items
  if (item === undefined) throw new ServiceError("invalid", "there is no image")
  return item
}
