import type { InspectRequest, Login, MirrorRequest } from "@entrepot/client"
import type { MirrorDraft } from "./mirror-draft.ts"

/** What stands in the password fields at the moment of a request. */
export interface Passwords {
  readonly source: string
  readonly target: string
}

type RequestedTarget = NonNullable<MirrorRequest["target"]>

/** The draft as a job. Names are taken as they were typed: the server reads them by the same rules. */
export function mirrorRequestOf(draft: MirrorDraft, passwords: Passwords): MirrorRequest {
  const target = requestedTarget(draft, passwords.target)
  const edited = draft.targetImage?.trim() ?? ""
  return {
    ...inspectRequestOf(draft, passwords.source),
    ...(target === undefined ? {} : { target }),
    ...(edited === "" ? {} : { targetImage: edited }),
    ...(draft.platforms === undefined ? {} : { platforms: draft.platforms }),
    ...(draft.referrers ? { referrers: true } : {}),
    ...(draft.forceUpload ? { forceUpload: true } : {}),
    engine: draft.engine,
  }
}

/** The draft's image as a question to its source. */
export function inspectRequestOf(draft: MirrorDraft, password: string): InspectRequest {
  const sourceLogin = loginOf(draft.sourceUsername, password)
  return {
    image: draft.image.trim(),
    ...(sourceLogin === undefined ? {} : { sourceLogin }),
    ...(draft.sourcePlainHttp ? { sourcePlainHttp: true } : {}),
  }
}

/** The draft's target as a job or a test names it; undefined: the default target of the server. */
export function requestedTarget(draft: MirrorDraft, password: string): RequestedTarget | undefined {
  if (draft.destination !== "typed") return { targetId: draft.destination }
  const address = draft.address.trim()
  if (address === "") return undefined
  return {
    address,
    ...loginOf(draft.username, password),
    ...(draft.plainHttp ? { plainHttp: true } : {}),
    ...(draft.tlsVerify ? {} : { tlsVerify: false }),
  }
}

function loginOf(username: string, password: string): Login | undefined {
  const name = username.trim()
  return name === "" && password === "" ? undefined : { username: name, password }
}

/** Half a login: both or neither is what a registry takes. */
export function isHalfLogin(username: string, password: string): boolean {
  return (username.trim() === "") !== (password === "")
}
