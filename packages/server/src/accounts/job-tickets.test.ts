import { generateKeyPairSync, randomBytes } from "node:crypto"
import { type CompactJWSHeaderParameters, CompactSign, exportJWK, type JWTPayload, SignJWT } from "jose"
import { describe, expect, test } from "vitest"
import { openTestAccounts, origin, ownToken } from "./accounts.fixture.ts"
import { JobTickets } from "./job-tickets.ts"
import { signingKeyOf } from "./signing-key.ts"

const secret = randomBytes(32)
const start = Date.parse("2026-11-21T12:00:00Z")
const claims = { id: randomBytes(16).toString("base64url"), userId: 4, userVersion: 17, jobId: 9, keyId: undefined }
const { kid, key } = signingKeyOf(secret)

function ticketsAt(secrets: readonly Uint8Array[] = [secret]) {
  const clock = { now: start }
  return { clock, tickets: new JobTickets({ secrets, now: () => clock.now }) }
}

/** A ticket by our own key, as ours but for what is changed. */
function forge(payload: Record<string, unknown>, header: Record<string, unknown> = {}): Promise<string> {
  const at = start / 1000
  const whole = {
    ver: 17,
    access: [{ type: "job", id: 9, actions: ["read"] }],
    iss: "entrepot",
    aud: "entrepot:jobs",
    sub: "4",
    jti: claims.id,
    iat: at,
    nbf: at,
    exp: at + 3600,
    ...payload,
  }
  return new CompactSign(Buffer.from(JSON.stringify(whole)))
    .setProtectedHeader({ alg: "HS256", kid, typ: "JWT", ...header } as CompactJWSHeaderParameters)
    .sign(key)
}

describe("a ticket (S4)", () => {
  test("says what it was issued for, for one hour", async () => {
    const { clock, tickets } = ticketsAt()
    const { ticket, expiresAt } = await tickets.sign(claims)
    expect(expiresAt).toBe(start + 3_600_000)
    expect(await tickets.verify(ticket)).toEqual({ ...claims, expiresAt })
    expect(await tickets.verify(await forge({}))).toEqual({ ...claims, expiresAt })
    clock.now += 3_600_000 + 60_000 - 1000
    expect(await tickets.verify(ticket)).toEqual({ ...claims, expiresAt })
    clock.now += 1000
    expect(await tickets.verify(ticket)).toBe("ended")
  })

  test("fault 40: opens on a machine whose clock is a minute behind, and on none that is two behind", async () => {
    const { clock, tickets } = ticketsAt()
    const { ticket } = await tickets.sign(claims)
    clock.now -= 60_000
    expect(await tickets.verify(ticket)).toMatchObject({ jobId: 9 })
    clock.now -= 60_000
    expect(await tickets.verify(ticket)).toBe("forged")
  })

  test("S4: that was changed in any character is none", async () => {
    const { tickets } = ticketsAt()
    const { ticket } = await tickets.sign(claims)
    for (let at = 0; at < ticket.length; at++) {
      for (const other of ["A", "B", "."]) {
        if (ticket[at] === other) continue
        const changed = ticket.slice(0, at) + other + ticket.slice(at + 1)
        expect(await tickets.verify(changed), `${other} at ${at}`).toBe("forged")
      }
    }
  })

  test("S4: has one spelling: nothing behind, before or between", async () => {
    const { tickets } = ticketsAt()
    const { ticket } = await tickets.sign(claims)
    const [header = "", payload = "", signature = ""] = ticket.split(".")
    const last = signature.at(-1) ?? ""
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    // The last character carries four bits of the signature: three others spell the same bytes.
    const twins = [...alphabet].filter((c) => c !== last && alphabet.indexOf(c) >> 2 === alphabet.indexOf(last) >> 2)
    expect(twins).toHaveLength(3)
    const spellings = [
      ...twins.map((twin) => `${header}.${payload}.${signature.slice(0, -1)}${twin}`),
      ...["=", "A", ".", "\n", " ", "\0", "%"].flatMap((c) => [ticket + c, c + ticket, `${header}.${payload}${c}.${signature}`]),
      `${payload}.${header}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${header}..${signature}`,
      `.${payload}.${signature}`,
      "..",
      "",
      `${ticket}.${signature}`,
      `${header}.${payload}.${signature.repeat(100)}`,
    ]
    for (const spelling of spellings) expect(await tickets.verify(spelling), JSON.stringify(spelling)).toBe("forged")
  })

  test.each(["iss", "aud", "sub", "jti", "iat", "nbf", "exp", "access", "ver"])("S4: without %s is none", async (claim) => {
    expect(await ticketsAt().tickets.verify(await forge({ [claim]: undefined }))).toBe("forged")
  })

  const at = start / 1000

  test.each([
    ["another issuer", { iss: "registry" }],
    ["another audience", { aud: "entrepot:registry" }],
    ["a list of audiences", { aud: ["entrepot:jobs", "entrepot:registry"] }],
    ["no audience", { aud: "" }],
    ["a subject that is no user", { sub: "admin" }],
    ["a subject that is a number", { sub: 4 }],
    ["a begin to come", { nbf: at + 61 }],
    ["an issue to come", { iat: at + 61, exp: at + 3600 }],
    ["a text for a time", { exp: `${at + 3600}` }],
    ["an end beyond the hour", { exp: at + 3601 }],
    ["an end before its issue", { iat: at + 30, nbf: at, exp: at + 30 }],
    ["no access", { access: [] }],
    ["two accesses", { access: [1, 2].map((id) => ({ type: "job", id, actions: ["read"] })) }],
    ["access to something else", { access: [{ type: "repository", id: 9, actions: ["read"] }] }],
    ["access to more than reading", { access: [{ type: "job", id: 9, actions: ["read", "write"] }] }],
    ["access to all", { access: [{ type: "job", id: "*", actions: ["read"] }] }],
    ["a claim that we do not write", { admin: true }],
  ])("S4: our own signature under %s is none", async (_, payload) => {
    expect(await ticketsAt().tickets.verify(await forge(payload))).toBe("forged")
  })

  test.each([
    ["an issue of long ago", { iat: at - 3661, nbf: at - 3661, exp: at - 61 }],
    ["an end that is past", { iat: at - 1000, nbf: at - 1000, exp: at - 60 }],
  ])("S4: with %s has ended", async (_, payload) => {
    expect(await ticketsAt().tickets.verify(await forge(payload))).toBe("ended")
  })

  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 })

  test.each<[string, Record<string, unknown>]>([
    ["a key of its own", { jwk: { kty: "oct", k: Buffer.from(key).toString("base64url") } }],
    ["an address of a key", { jku: "https://evil.example.com/keys" }],
    ["an address of a certificate", { x5u: "https://evil.example.com/cert" }],
    ["a certificate", { x5c: ["AAAA"] }],
    ["a foreign key's id", { kid: "0000000000000000" }],
    ["no key's id", { kid: undefined }],
    ["a path for a key's id", { kid: "../../dev/null" }],
    ["another type", { typ: "at+jwt" }],
    ["no type", { typ: undefined }],
  ])("S4: our own signature under a header with %s is none", async (_, header) => {
    expect(await ticketsAt().tickets.verify(await forge({}, header))).toBe("forged")
  })

  test("S4: by another algorithm is none", async () => {
    const { tickets } = ticketsAt()
    const { ticket } = await tickets.sign(claims)
    const [, payload = "", signature = ""] = ticket.split(".")
    const encode = (header: object) => Buffer.from(JSON.stringify(header)).toString("base64url")
    const body = JSON.parse(Buffer.from(payload, "base64url").toString()) as JWTPayload
    const wide = Buffer.concat([key, key])
    const forged = [
      `${encode({ alg: "none", kid, typ: "JWT" })}.${payload}.`,
      `${encode({ alg: "none", kid, typ: "JWT" })}.${payload}.${signature}`,
      `${encode({ alg: "hs256", kid, typ: "JWT" })}.${payload}.${signature}`,
      `${encode({ kid, typ: "JWT" })}.${payload}.${signature}`,
      await new SignJWT(body).setProtectedHeader({ alg: "HS512", kid, typ: "JWT" }).sign(wide),
      await new SignJWT(body).setProtectedHeader({ alg: "HS384", kid, typ: "JWT" }).sign(wide),
      await new SignJWT(body).setProtectedHeader({ alg: "RS256", kid, typ: "JWT" }).sign(pair.privateKey),
      await new SignJWT(body)
        .setProtectedHeader({ alg: "RS256", kid, typ: "JWT", jwk: await exportJWK(pair.publicKey) })
        .sign(pair.privateKey),
      await new SignJWT(body).setProtectedHeader({ alg: "HS256", kid, typ: "JWT" }).sign(secret),
      await new SignJWT(body).setProtectedHeader({ alg: "HS256", kid, typ: "JWT" }).sign(new Uint8Array(32)),
    ]
    for (const text of forged) expect(await tickets.verify(text), text).toBe("forged")
  })

  test("S4: a claim written twice was not written by us, and its signature is wrong", async () => {
    const { tickets } = ticketsAt()
    const [header = "", payload = "", signature = ""] = (await tickets.sign(claims)).ticket.split(".")
    const json = Buffer.from(payload, "base64url").toString()
    const twice = Buffer.from(json.replace(/\}$/, ',"sub":"1"}')).toString("base64url")
    expect(await tickets.verify(`${header}.${twice}.${signature}`)).toBe("forged")
  })

  test("S4: of an older secret still opens, of one that is gone does not", async () => {
    const { ticket } = await ticketsAt().tickets.sign(claims)
    const next = randomBytes(32)
    const both = ticketsAt([next, secret]).tickets
    expect(await both.verify(ticket)).toMatchObject({ jobId: 9 })
    const renewed = (await both.sign(claims)).ticket
    expect(await ticketsAt([next]).tickets.verify(renewed)).toMatchObject({ jobId: 9 })
    expect(await ticketsAt([next]).tickets.verify(ticket)).toBe("forged")
    expect(await ticketsAt().tickets.verify(renewed)).toBe("forged")
    await expect(ticketsAt([]).tickets.sign(claims)).rejects.toThrow("there is no server secret to sign tickets with")
  })
})

describe("whoever comes with a ticket (S4)", () => {
  test("follows one job with the rights of who asked for it, and nothing else", async () => {
    await using test = await openTestAccounts()
    await test.admin()
    const ann = await test.person("ann", "operator")
    const { ticket } = await test.accounts.issueTicket(ann, 42)
    const actor = await test.accounts.byBearer(ticket, "198.51.100.1")
    if (actor === undefined) throw new Error("the ticket opens nothing")
    expect(actor).toMatchObject({ userId: ann.userId, role: "operator", via: "ticket", jobId: 42, scopes: ["jobs:read"] })
    expect(await test.accounts.isStillValid(actor)).toBe(true)
    const asked = [
      test.accounts.issueTicket(actor, 42),
      test.accounts.listKeys(actor),
      test.accounts.createKey(actor, { name: "x", scopes: ["pull"], expiresAt: null }),
      test.accounts.changePassword(actor, "password of ann", "another password"),
      test.accounts.listUsers(actor),
    ]
    for (const result of await Promise.allSettled(asked)) expect(result).toMatchObject({ reason: { code: "forbidden" } })
    test.clock.now += 3_600_000
    expect(await test.accounts.isStillValid(actor)).toBe(false)
  })

  test.each([
    ["disabled", { disabled: true }],
    ["demoted", { role: "viewer" }],
    ["given another password", { password: "another password" }],
  ] as const)("is sent away when who asked for it was %s since", async (_, changes) => {
    await using test = await openTestAccounts()
    const admin = await test.admin()
    const ann = await test.person("ann", "operator")
    const { ticket } = await test.accounts.issueTicket(ann, 42)
    const actor = await test.accounts.byBearer(ticket, origin.address)
    test.clock.now += 1
    await test.accounts.updateUser(admin, ann.userId, changes)
    expect(await test.accounts.byBearer(ticket, origin.address)).toBeUndefined()
    expect(actor && (await test.accounts.isStillValid(actor))).toBe(false)
  })

  test("is sent away when who asked for it is gone, or the key that asked", async () => {
    await using test = await openTestAccounts()
    const admin = await test.admin()
    const ann = await test.person("ann", "operator")
    const { secret: bearer, key } = await test.accounts.createKey(ann, { name: "ci", scopes: ["jobs:read"], expiresAt: null })
    const byKey = await test.accounts.byBearer(bearer, origin.address)
    if (byKey === undefined) throw new Error("the key opens nothing")
    const [keys, own] = [await test.accounts.issueTicket(byKey, 42), await test.accounts.issueTicket(ann, 42)]
    expect(await test.accounts.byBearer(keys.ticket, origin.address)).toMatchObject({ via: "ticket", jobId: 42 })
    await test.accounts.removeKey(ann, key.id)
    expect(await test.accounts.byBearer(keys.ticket, origin.address)).toBeUndefined()
    expect(await test.accounts.byBearer(own.ticket, origin.address)).toMatchObject({ via: "ticket" })
    await test.accounts.removeUser(admin, ann.userId)
    expect(await test.accounts.byBearer(own.ticket, origin.address)).toBeUndefined()
  })

  test("is sent away when the session that asked for it has ended: by logout, a new token, or in time", async () => {
    await using test = await openTestAccounts()
    const admin = await test.admin()
    const issued = async () => {
      const { actor } = await test.accounts.loginWithToken(ownToken, origin)
      const { ticket } = await test.accounts.issueTicket(actor, 42)
      const byTicket = await test.accounts.byBearer(ticket, origin.address)
      if (byTicket === undefined) throw new Error("the ticket opens nothing")
      return { actor, ticket, byTicket }
    }
    const [one, two] = [await issued(), await issued()]
    const ended: string[] = []
    test.accounts.onEnded((id) => ended.push(id))
    await test.accounts.logout(one.actor)
    expect(ended).toEqual([one.actor.credentialId, one.byTicket.credentialId])
    expect(await test.accounts.isStillValid(two.byTicket)).toBe(true)
    await test.accounts.changeToken(admin, "another own token")
    expect(ended).toContain(two.byTicket.credentialId)
    for (const { ticket, byTicket } of [one, two]) {
      expect(await test.accounts.byBearer(ticket, origin.address)).toBeUndefined()
      expect(await test.accounts.isStillValid(byTicket)).toBe(false)
    }
  })
})
