import { endpoints } from "@entrepot/registry"
import { expect, test } from "vitest"
import { basic, foreignToken, layerOf, ownImage, type RightsScene, rightsScene, secretImage } from "./rights-scene.fixture.ts"

const layer = layerOf(secretImage)
const { digest } = secretImage.descriptor
const { mediaType } = secretImage.descriptor
const none: readonly string[] = []
const unknownUpload = "00000000-0000-4000-8000-000000000000"

interface Row {
  /** Below `/v2/REPOSITORY/`, once for each way to name what is there. */
  readonly paths: (upload: string) => readonly string[]
  readonly body?: Buffer
  readonly type?: string
}

/** A request for every method of every route that names a repository: a route that is missing here fails below. */
const rows: Readonly<Record<string, Row>> = {
  "tags GET": { paths: () => ["tags/list", "tags/list?n=1"] },
  "tags HEAD": { paths: () => ["tags/list"] },
  "referrers GET": { paths: () => [`referrers/${digest}`, `referrers/${digest}?artifactType=a/b`] },
  "referrers HEAD": { paths: () => [`referrers/${digest}`] },
  "manifest GET": { paths: () => ["manifests/v1", `manifests/${digest}`] },
  "manifest HEAD": { paths: () => ["manifests/v1", `manifests/${digest}`] },
  "manifest PUT": { paths: () => ["manifests/v9", `manifests/${digest}`], body: secretImage.manifest, type: mediaType },
  "manifest DELETE": { paths: () => ["manifests/gone", `manifests/sha256:${"0".repeat(64)}`] },
  "blob GET": { paths: () => [`blobs/${layer}`] },
  "blob HEAD": { paths: () => [`blobs/${layer}`] },
  "blob DELETE": { paths: () => [`blobs/sha256:${"0".repeat(64)}`] },
  "uploads POST": {
    paths: () =>
      ["", `?mount=${layer}`, `?mount=${layer}&from=open/app`, `?digest=${layer}`].map((query) => `blobs/uploads/${query}`),
  },
  "upload GET": { paths: (upload) => [`blobs/uploads/${upload}`] },
  "upload HEAD": { paths: (upload) => [`blobs/uploads/${upload}`] },
  "upload PATCH": { paths: (upload) => [`blobs/uploads/${upload}`], body: Buffer.from("x") },
  "upload PUT": { paths: () => [`blobs/uploads/${unknownUpload}?digest=${layer}`] },
  "upload DELETE": { paths: () => [`blobs/uploads/${unknownUpload}`] },
}

/** Those that name none, with what anonymous gets where people log in. */
const globalRows: Readonly<Record<string, readonly [path: string, anonymous: number]>> = {
  "base GET": ["/v2/", 401],
  "base HEAD": ["/v2/", 401],
  "token GET": ["/v2/auth", 200],
  "token POST": ["/v2/auth", 415],
  "ping GET": ["/v1/_ping", 200],
  "ping HEAD": ["/v1/_ping", 200],
  "catalog GET": ["/v2/_catalog", 401],
  "catalog HEAD": ["/v2/_catalog", 401],
  "search GET": ["/v1/search?q=nginx", 401],
}

function methodsOf(isGlobal: boolean): string[] {
  return Object.entries(endpoints).flatMap(([kind, byMethod]) =>
    Object.entries(byMethod).flatMap(([method, endpoint]) => {
      const isOfAll = endpoint !== null && ["base", "none", "catalog", "search"].includes(endpoint.right)
      return endpoint === null || isOfAll !== isGlobal ? [] : [`${kind} ${method}`]
    }),
  )
}

const rightOf = (row: string): string => {
  const [kind = "", method = ""] = row.split(" ")
  return Object.entries(endpoints).find(([name]) => name === kind)?.[1]?.[method as "GET"]?.right ?? "none"
}

/** Everybody who has something to show, with what they may do in `secret`. */
async function callersOf(
  scene: RightsScene,
): Promise<Readonly<Record<string, readonly [string | undefined, readonly string[]]>>> {
  const { key, member, pullUser, services, admin, token, clock } = scene
  const all = ["pull", "push", "delete"]
  const owner = await key("owner", "admin", ["admin"])
  const pusher = await key("pusher", "operator", ["push"])
  const narrow = await key("pusher", "operator", ["pull"])
  const jobs = await key("pusher", "operator", ["jobs:read"])
  const bea = await key("bea", "operator", ["push"])
  const demoted = await key("demoted", "operator", ["push"])
  const disabledKey = await key("disabled", "operator", ["push"])
  const removedKey = await key("removed", "operator", ["push"])
  const endedKey = await key("ended", "operator", ["push"])
  const formerMember = await key("former", "operator", ["push"])
  const chief = await key("chief", "operator", ["push"])
  for (const each of [pusher, demoted, disabledKey, removedKey, endedKey, formerMember]) {
    await member("secret", "web-user", each.userId, "push")
  }
  await member("secret", "web-user", chief.userId, "admin")
  await member("mine", "web-user", bea.userId, "admin")
  const [ann, former, gone, shut] = await Promise.all(["ann", "past", "gone", "shut"].map(pullUser))
  if (!ann || !former || !gone || !shut) throw new Error("not made")
  for (const each of [ann, former, gone, shut]) await member("secret", "pull-user", each.id, "pull")
  const secretScope = "repository:secret/app:pull,push,delete"
  const tokenOf = (authorization: string | undefined, scope = secretScope) => token(authorization, scope)
  const before: Readonly<Record<string, string>> = Object.fromEntries(
    await Promise.all(
      Object.entries({
        "a token of whoever was a member": formerMember.authorization,
        "a token of a pull user who was a member": basic("past", "password of past"),
        "a token of a removed pull user": basic("gone", "password of gone"),
        "a token of a disabled pull user": basic("shut", "password of shut"),
        "a token of a disabled web user's key": disabledKey.authorization,
        "a token of a removed web user's key": removedKey.authorization,
        "a token of a removed key": endedKey.authorization,
      }).map(async ([who, authorization]) => [who, await tokenOf(authorization)]),
    ),
  )
  const demotedToken = await tokenOf(demoted.authorization)
  const { members } = { members: services.pullAccess }
  const secret = scene.projects.get("secret") ?? 0
  await members.removeMember(admin, { projectId: secret, kind: "web-user", memberId: formerMember.userId })
  await members.removeMember(admin, { projectId: secret, kind: "pull-user", memberId: former.id })
  await services.pullAccess.removeUser(admin, gone.id)
  await services.pullAccess.updateUser(admin, shut.id, { disabled: true })
  await services.accounts.updateUser(admin, disabledKey.userId, { disabled: true })
  await services.accounts.removeUser(admin, removedKey.userId)
  await services.accounts.removeKey(endedKey.actor, endedKey.id)
  await services.accounts.updateUser(admin, demoted.userId, { role: "viewer" })
  clock.skewMs = -7 * 60_000
  const expired = await tokenOf(pusher.authorization)
  clock.skewMs = 0
  const claims = {
    iss: "docker-image-proxy",
    aud: "docker-image-proxy",
    sub: "owner",
    access: [{ type: "repository", name: "secret/app", actions: all }],
  }
  return {
    anonymous: [undefined, none],
    "an anonymous token": [await tokenOf(undefined), none],
    "a junk bearer": ["Bearer junk", none],
    "a bearer of somebody else": [foreignToken({ ...claims, iss: "auth.docker.io" }), none],
    "a bearer that says to be ours": [foreignToken(claims), none],
    "an expired token": [expired, none],
    "a scheme of its own": ["Digest username=owner", none],
    "the administrator's token as a password": [basic("admin", "a token of our own 0123"), none],
    "a web user's password": [basic("pusher", "password of pusher"), none],
    "a wrong password": [basic("ann", "wrong"), none],
    "a key's secret with one letter more": [`${pusher.authorization}`.replace(/.{4}$/, "AAAA"), none],
    "a key as a bearer": [`Bearer ${Buffer.from(pusher.authorization.slice(6), "base64").toString().split(":")[1]}`, none],
    "a key for jobs": [jobs.authorization, none],
    "an account": [basic("ci", "account pw"), none],
    "an account's token": [await tokenOf(basic("ci", "account pw")), none],
    "somebody of another project": [bea.authorization, none],
    "a token of somebody of another project": [await tokenOf(bea.authorization), none],
    "a token for another repository": [await tokenOf(owner.authorization, "repository:mine/app:pull,push,delete"), none],
    "a token for a longer name": [await tokenOf(owner.authorization, "repository:secret/app2:pull,push,delete"), none],
    "whoever was a member": [formerMember.authorization, none],
    "a pull user who was a member": [basic("past", "password of past"), none],
    "a removed pull user": [basic("gone", "password of gone"), none],
    "a disabled pull user": [basic("shut", "password of shut"), none],
    "a disabled web user's key": [disabledKey.authorization, none],
    "a removed web user's key": [removedKey.authorization, none],
    "a removed key": [endedKey.authorization, none],
    ...Object.fromEntries(Object.entries(before).map(([who, text]) => [who, [text, none] as const])),
    "a token of somebody who pushed before": [demotedToken, none],
    "a key of somebody who may push no more": [demoted.authorization, none],
    "a pull user": [basic("ann", "password of ann"), ["pull"]],
    "a pull user's token": [await tokenOf(basic("ann", "password of ann")), ["pull"]],
    "a pusher's key for pulls": [narrow.authorization, ["pull"]],
    "a pusher's token for pulls": [await tokenOf(pusher.authorization, "repository:secret/app:pull"), ["pull"]],
    "a pusher": [pusher.authorization, ["pull", "push"]],
    "a pusher's token": [await tokenOf(pusher.authorization), ["pull", "push"]],
    // Deleting takes an administrator's key, or an administrator of the project with one.
    "an administrator of the project": [chief.authorization, ["pull", "push"]],
    "an administrator": [owner.authorization, all],
    "an administrator's token": [await tokenOf(owner.authorization), all],
  }
}

test("S5, S6: whatever is shown, each route of a private repository opens for its own right and no other", {
  timeout: 60_000,
}, async () => {
  expect(Object.keys(rows).sort()).toEqual(methodsOf(false).sort())
  const scene = await rightsScene()
  const { ask, client } = scene
  const owner = (await scene.key("first", "admin", ["admin"])).authorization
  const robot = client(owner)
  await robot.push("secret/app:v1", secretImage)
  await robot.push("mine/app:v1", ownImage)
  const callers = await callersOf(scene)
  const wrong: string[] = []
  for (const [who, [authorization, may]] of Object.entries(callers)) {
    const begun = await ask("POST", "/v2/secret/app/blobs/uploads/", owner)
    const upload = begun.headers.get("docker-upload-uuid") ?? ""
    for (const [row, { paths, body, type }] of Object.entries(rows)) {
      const [, method = ""] = row.split(" ")
      for (const path of paths(upload)) {
        const answer = await ask(method, `/v2/secret/app/${path}`, authorization, body, type)
        const isRefused = answer.status === 401 || answer.status === 403
        if (isRefused === may.includes(rightOf(row)) || answer.status === 429 || answer.status >= 500)
          wrong.push(`${who}: ${method} ${path} ${answer.status}`)
        if (isRefused && answer.headers.get("cache-control") !== "private, no-store")
          wrong.push(`${who}: ${method} ${path} is kept`)
        if (isRefused && /docker-content-digest|etag/.test([...answer.headers.keys()].join()))
          wrong.push(`${who}: ${method} ${path} tells`)
      }
    }
    // What a stranger has sent into somebody else's upload is not in it.
    const { headers } = await ask("GET", `/v2/secret/app/blobs/uploads/${upload}`, owner)
    if (!may.includes("push") && headers.get("range") !== "0-0") wrong.push(`${who}: the upload has grown`)
  }
  expect(wrong).toEqual([])
  expect(await robot.holds("secret/app:v1", secretImage)).toBe(true)
})

test("S5: routes that name no repository answer those who have shown nothing as the table says", async () => {
  expect(Object.keys(globalRows).sort()).toEqual(methodsOf(true).sort())
  const { ask } = await rightsScene()
  for (const [row, [path, expected]] of Object.entries(globalRows)) {
    const [, method = ""] = row.split(" ")
    for (const authorization of [undefined, "Bearer junk", basic("admin", "a token of our own 0123")]) {
      const isToken = path === "/v2/auth"
      const wanted = isToken && method === "GET" && authorization !== undefined ? 401 : expected
      expect([row, authorization, (await ask(method, path, authorization)).status]).toEqual([row, authorization, wanted])
    }
  }
})
