import { type Credentials, credentials, parseReference, parseTargetBase, type Reference, TransferError } from "@entrepot/core"
import type { Actor } from "../accounts/actor.ts"
import type { Configuration } from "../configuration/configuration.ts"
import type { TargetService, TypedTarget } from "../targets/target-service.ts"
import type { Login, MirrorOptions } from "./job-service.ts"

/** Where the images of one request go. */
export interface ChosenTarget {
  readonly host: string
  /** Undefined: the naming rule's own. */
  readonly project: string | undefined
  readonly naming: string | undefined
  readonly targetId: number | null
  /** Given for this request alone. */
  readonly credentials: Credentials | undefined
  readonly plainHttp: boolean
  readonly insecureTls: boolean
}

export interface ChooseTargetOptions {
  readonly targets: Pick<TargetService, "get">
  readonly configuration: Pick<Configuration, "jobs">
}

/**
 * The saved target, the typed one, or the configuration's; undefined when there is none of them.
 * @throws TransferError for an address or login that cannot be understood; ServiceError `not_found` for a saved target.
 */
export async function chooseTarget(
  actor: Actor,
  wanted: MirrorOptions["target"],
  { targets, configuration }: ChooseTargetOptions,
): Promise<ChosenTarget | undefined> {
  if (wanted === undefined) {
    const { defaultTarget } = configuration.jobs
    return defaultTarget === undefined ? undefined : typedTarget({ address: defaultTarget.address })
  }
  if (!("targetId" in wanted)) return typedTarget(wanted)
  const { id, host, project, naming, plainHttp, tlsVerify } = await targets.get(actor, wanted.targetId)
  return { host, project, naming, targetId: id, credentials: undefined, plainHttp, insecureTls: !tlsVerify }
}

/** A target that is only named in the image's own name: `harbor.example.com/team/app:1`. */
export function targetNamedBy(image: string): ChosenTarget {
  return { ...typedTarget({ address: parseReference(image).registry }), project: "" }
}

/** @throws TransferError `usage` for half a login. */
export function loginCredentials(login: Login): Credentials {
  if (login.username === "" || login.password === "") {
    throw new TransferError("usage", "a login needs both a user and a password", { hint: "give both, or neither" })
  }
  return credentials(login)
}

/**
 * The whole name that was given for an image at its target: below the target, or written out with the target's host.
 * @throws TransferError `usage` for another host or a digest, `reference_invalid`.
 */
export function targetImageAt(text: string, { host, project = "proxy" }: Pick<ChosenTarget, "host" | "project">): Reference {
  const named = namesHost(text) ? parseReference(text) : parseReference(`${host}/${project === "" ? "" : `${project}/`}${text}`)
  if (named.registry !== host) {
    throw new TransferError("usage", `the target image is at ${named.registry}, and the target is ${host}`, {
      hint: "name the same registry in both, or leave the registry away in the image's name",
    })
  }
  if (named.digest === undefined) return named
  throw new TransferError("usage", `the target ${text} has a digest, and a digest cannot be chosen`, {
    hint: "give it a tag instead",
  })
}

/** A first part with a dot, a port, or the name localhost is a host. */
export function namesHost(image: string): boolean {
  const slash = image.indexOf("/")
  const first = slash === -1 ? "" : image.slice(0, slash)
  return first.includes(".") || first.includes(":") || first.toLowerCase() === "localhost"
}

function typedTarget({ address, username = "", password = "", plainHttp = false, tlsVerify = true }: TypedTarget): ChosenTarget {
  const { host, project } = parseTargetBase(address)
  const login = username === "" && password === "" ? undefined : loginCredentials({ username, password })
  const isPlain = plainHttp || /^\s*http:\/\//i.test(address)
  return { host, project, naming: undefined, targetId: null, credentials: login, plainHttp: isPlain, insecureTls: !tlsVerify }
}
