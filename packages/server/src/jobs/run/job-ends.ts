import {
  type Credentials,
  credentials,
  type HostSettings,
  type Location,
  parseLocation,
  parseTargetBase,
  registryHost,
  type TransferFailure,
} from "@entrepot/core"
import type { Job, JobRequest } from "@entrepot/db/stores"
import type { Configuration } from "../../configuration/configuration.ts"
import { ServiceError } from "../../errors/service-error.ts"
import type { TargetService } from "../../targets/target-service.ts"
import type { CredentialVault, JobCredentials } from "../credential-vault.ts"
import type { CopyEnd, CopyEnds } from "./transfers.ts"

export interface JobEndsOptions {
  readonly configuration: Pick<Configuration, "hosts" | "jobs">
  readonly targets: Pick<TargetService, "open">
  readonly vault: CredentialVault
}

/** A job as it is, or before it is made. */
type AskedCopy = Pick<Job, "sourceHost" | "targetHost" | "request"> & { readonly targetId?: number | null }

/** The ends of a job, or why it cannot be begun. */
type FoundEnds =
  | { readonly ends: CopyEnds; readonly secrets: readonly string[] }
  | { readonly waitsFor: "credentials" }
  | { readonly failure: TransferFailure }

/** What has become of a saved target that a job cannot go to any more. */
export type LostTarget = "removed" | "moved"

/** Finds what a job's copy needs beyond its request: saved target, credentials, settings of its hosts. */
export async function findJobEnds(job: Job, options: JobEndsOptions): Promise<FoundEnds> {
  const given: JobCredentials = (await options.vault.get(job.id)) ?? {}
  if (job.credentialSides.some((side) => given[side] === undefined)) return { waitsFor: "credentials" }
  let ends: CopyEnds | LostTarget
  try {
    ends = await endsOf(job, given, options)
  } catch (error) {
    if (error instanceof ServiceError) return { failure: passwordSealed(job, error) }
    throw error
  }
  if (typeof ends === "string") return { failure: withoutTarget(job, ends) }
  const secrets = [ends.source.credentials, ends.target.credentials].flatMap((known) => (known ? [secretOf(known)] : []))
  return { secrets, ends: { ...ends, group: job.parentId ?? undefined } }
}

/** Says why where its saved target is no longer what it was. */
export async function endsOf(
  job: AskedCopy,
  given: JobCredentials,
  { configuration, targets }: Omit<JobEndsOptions, "vault">,
): Promise<CopyEnds | LostTarget> {
  const saved = typeof job.targetId === "number" ? await targets.open(job.targetId) : undefined
  if (typeof job.targetId === "number" && saved === undefined) return "removed"
  // Its password is for where it is now, and goes nowhere else.
  if (saved !== undefined && saved.target.host !== job.targetHost) return "moved"
  const credentialsAtTarget = given.target ?? (saved ? saved.credentials : defaultCredentials(job, configuration))
  const target: CopyEnd = {
    registry: job.targetHost,
    settings: {
      ...settingsOf(job.request, job.targetHost, configuration.hosts),
      ...(saved?.target.plainHttp ? { plainHttp: true } : {}),
      ...(saved?.target.tlsVerify === false ? { tlsVerify: false } : {}),
      ...(saved?.target.ca ? { ca: saved.target.ca } : {}),
    },
    credentials: credentialsAtTarget,
  }
  const isOneHost = job.sourceHost === job.targetHost
  const source: CopyEnd = {
    registry: job.sourceHost,
    settings: isOneHost ? target.settings : settingsOf(job.request, job.sourceHost, configuration.hosts),
    credentials: given.source,
  }
  return { engine: job.request.engine, source, target }
}

/** How the request's and the configuration's words reach a host. */
export function settingsOf(
  request: Pick<JobRequest, "plainHttp" | "insecureTls">,
  registry: string,
  hosts: Readonly<Record<string, HostSettings>>,
): HostSettings {
  return {
    ...(hosts[registry] ?? hosts[registryHost({ registry })]),
    ...(request.plainHttp?.includes(registry) ? { plainHttp: true } : {}),
    ...(request.insecureTls?.includes(registry) ? { tlsVerify: false } : {}),
  }
}

/** The configuration's login is for what lies below its target, and for nothing else at that host. */
function defaultCredentials({ request }: AskedCopy, { jobs }: JobEndsOptions["configuration"]): Credentials | undefined {
  const { address, username, password } = jobs.defaultTarget ?? {}
  if (address === undefined || username === undefined || password === undefined) return undefined
  const { host, project = "proxy" } = parseTargetBase(address)
  const place = parseLocation(request.target)
  return isBelow(place, host, project) ? credentials({ username, password }) : undefined
}

function isBelow(place: Location, host: string, project: string): boolean {
  if (place.transport !== "docker" || place.reference.registry !== host) return false
  return project === "" || place.reference.repository.startsWith(`${project}/`)
}

function withoutTarget({ targetHost }: Job, lost: LostTarget): TransferFailure {
  return {
    code: "not_found",
    message:
      lost === "removed" ? "the saved target of this job was removed" : "the saved target of this job is another registry by now",
    side: "target",
    host: targetHost,
    hint: "start the job anew with another target",
  }
}

function passwordSealed({ targetHost }: Job, { message }: ServiceError): TransferFailure {
  return {
    code: "unauthorized",
    message,
    side: "target",
    host: targetHost,
    hint: "retry with the login, or save the password anew",
  }
}

function secretOf(known: Credentials): string {
  return "identityToken" in known ? known.identityToken : known.password
}
