import {
  formatFamiliar,
  formatLocation,
  type NamingRule,
  namesHost,
  nameTarget,
  parseNamingRule,
  parsePasted,
  parsePlatform,
  parseTargetImage,
  type Reference,
  refuseCollisions,
  TransferError,
} from "@entrepot/core"
import type { CredentialSide, JobRequest, NewJob } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import type { Configuration } from "../configuration/configuration.ts"
import { ServiceError } from "../errors/service-error.ts"
import type { EmbeddedRegistry } from "../registry/embedded/embedded-registry.ts"
import { commonProject } from "../registry/project-places.ts"
import { type ChooseTargetOptions, type ChosenTarget, chooseTarget, loginCredentials, targetNamedBy } from "./choose-target.ts"
import type { JobCredentials } from "./credential-vault.ts"
import type { MirrorOptions, MirrorRequest } from "./job-service.ts"
import { refuseOwnAddress } from "./own-address.ts"

export interface PrepareMirrorOptions extends ChooseTargetOptions {
  readonly configuration: Pick<Configuration, "jobs" | "listen" | "publicUrl" | "registry">
  /** Where images go that name no target, and no default one is configured. */
  readonly embedded: Pick<EmbeddedRegistry, "host" | "isOwn" | "checkPush">
  /** Process that remembers credentials. */
  readonly holder: string
}

/** Jobs as they go into the database, and what is kept out of it. */
export interface PreparedMirror {
  readonly jobs: readonly NewJob[]
  readonly credentials: JobCredentials
}

type WantedImage = Pick<MirrorRequest, "image" | "targetImage">

const highestPriority = 10

/**
 * Reads what was asked for: names, places, logins. The same image to the same place counts once. Nothing is sent or stored.
 * @throws TransferError for what cannot be parsed, `naming_collision`, `address_blocked`, `not_found` for a project of ours; ServiceError `invalid`, `forbidden`, `not_found`.
 */
export async function prepareMirror(
  actor: Actor,
  images: readonly WantedImage[],
  options: MirrorOptions,
  context: PrepareMirrorOptions,
): Promise<PreparedMirror> {
  const priority = priorityOf(actor, options)
  for (const platform of options.platforms ?? []) parsePlatform(platform)
  const chosen = await chooseTarget(actor, options.target, context)
  const pairs = new Map<string, Pair>()
  for (const wanted of images) {
    const pair = nameOne(wanted, chosen ?? targetOfItsOwn(wanted, context.embedded), options)
    refuseOwnAddress(pair.source.registry, context.configuration)
    pairs.set(`${formatFamiliar(pair.source)} ${formatFamiliar(pair.target)}`, pair)
  }
  const named = [...pairs.values()]
  refuseCollisions(named)
  const own = named.map(({ target }) => target).filter(({ registry }) => context.embedded.isOwn(registry))
  if (own.length > 0) await checkOwnTargets(actor, own, options, context.embedded)
  const source = options.sourceLogin === undefined ? undefined : loginCredentials(options.sourceLogin)
  const sources = new Set(named.map((pair) => pair.source.registry))
  if (source !== undefined && sources.size > 1) {
    throw new TransferError(
      "usage",
      `the images come from several registries (${[...sources].join(", ")}), and there is one login`,
      {
        hint: "start one job for each registry that needs a login",
      },
    )
  }
  const target = chosen === undefined || context.embedded.isOwn(chosen.host) ? undefined : chosen.credentials
  const credentials: JobCredentials = { ...(source ? { source } : {}), ...(target ? { target } : {}) }
  const sides = Object.keys(credentials) as CredentialSide[]
  return {
    credentials,
    jobs: named.map((pair) => ({
      ownerId: actor.userId,
      source: formatFamiliar(pair.source),
      target: formatFamiliar(pair.target),
      sourceHost: pair.source.registry,
      targetHost: pair.target.registry,
      request: requestOf(pair, options),
      priority,
      targetId: pair.at.targetId,
      credentialSides: sides,
      credentialsHolder: sides.length === 0 ? null : context.holder,
    })),
  }
}

interface Pair {
  readonly source: Reference
  readonly target: Reference
  readonly at: ChosenTarget
}

/** The registry that the image's own new name begins with, else this server's. */
function targetOfItsOwn(wanted: WantedImage, { host }: Pick<EmbeddedRegistry, "host">): ChosenTarget {
  const whole = wholeName(wanted)
  if (whole !== undefined && namesHost(whole)) return targetNamedBy(whole)
  const here = { host, project: commonProject, naming: undefined, targetId: null, credentials: undefined }
  return { ...here, plainHttp: false, insecureTls: false }
}

/** @throws ServiceError `forbidden`; TransferError `not_found`, `usage`. */
async function checkOwnTargets(
  actor: Actor,
  targets: readonly Reference[],
  { engine }: MirrorOptions,
  embedded: Pick<EmbeddedRegistry, "checkPush">,
): Promise<void> {
  if (engine === "docker") {
    throw new TransferError("usage", "the Docker engine pushes to other registries, not into this server's own", {
      hint: "use the direct engine, which needs no Docker",
    })
  }
  const byProject = new Map(targets.map((target) => [target.repository.split("/")[0], target]))
  for (const target of byProject.values()) await embedded.checkPush(actor, target)
}

function wholeName({ targetImage }: WantedImage): string | undefined {
  return targetImage === undefined || targetImage.trim() === "" ? undefined : targetImage.trim()
}

function nameOne(wanted: WantedImage, at: ChosenTarget, { naming }: MirrorOptions): Pair {
  const source = parsePasted(wanted.image)
  const whole = wholeName(wanted)
  const base = at.project === undefined ? { host: at.host } : { host: at.host, project: at.project }
  if (whole !== undefined) return { source, target: parseTargetImage(whole, base), at }
  const rule: NamingRule = parseNamingRule(naming ?? at.naming ?? "default")
  return { source, target: nameTarget(source, base, rule), at }
}

function requestOf({ source, target, at }: Pair, options: MirrorOptions): JobRequest {
  const { engine = "direct", platforms, referrers, nonDistributable, forceUpload, sourcePlainHttp } = options
  const plainHttp = [...(sourcePlainHttp ? [source.registry] : []), ...(at.plainHttp ? [target.registry] : [])]
  return {
    source: formatLocation({ transport: "docker", reference: source }),
    target: formatLocation({ transport: "docker", reference: target }),
    engine,
    ...(platforms === undefined || platforms.length === 0 ? {} : { platforms }),
    ...(referrers === undefined ? {} : { referrers }),
    ...(nonDistributable === undefined ? {} : { nonDistributable }),
    ...(forceUpload === undefined ? {} : { forceUpload }),
    ...(plainHttp.length === 0 ? {} : { plainHttp }),
    ...(at.insecureTls ? { insecureTls: [target.registry] } : {}),
  }
}

function priorityOf({ role }: Actor, { priority = 0 }: MirrorOptions): number {
  if (!Number.isInteger(priority) || Math.abs(priority) > highestPriority) {
    throw new ServiceError("invalid", `a priority is a whole number from -${highestPriority} to ${highestPriority}`)
  }
  if (priority > 0 && role !== "admin") throw new ServiceError("forbidden", "only administrators may put a job before others")
  return priority
}
