import { type Credentials, credentials, parseReference, parseTargetBase, TransferError } from "@entrepot/core"
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

function typedTarget({ address, username = "", password = "", plainHttp = false, tlsVerify = true }: TypedTarget): ChosenTarget {
  const { host, project } = parseTargetBase(address)
  const login = username === "" && password === "" ? undefined : loginCredentials({ username, password })
  const isPlain = plainHttp || /^\s*http:\/\//i.test(address)
  return { host, project, naming: undefined, targetId: null, credentials: login, plainHttp: isPlain, insecureTls: !tlsVerify }
}
