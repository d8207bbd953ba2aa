import type { Target } from "@entrepot/client"
import { expect, test } from "vitest"
import { addressOf, changesOf, checkOf, draftOf, inputOf, losesPassword, type TargetDraft } from "./target-draft.ts"

const harbor: Target = {
  id: 3,
  ownerId: 1,
  shared: false,
  name: "Harbor",
  host: "harbor.example.com",
  project: "proxy",
  naming: "default",
  plainHttp: false,
  tlsVerify: true,
  username: "robot",
  version: 7,
  createdAt: 0,
  updatedAt: 0,
  hasPassword: true,
  hasCa: false,
}

function typed(changes: Partial<TargetDraft>, target?: Target): TargetDraft {
  return { ...draftOf(target), ...changes }
}

test("a new target is asked for as it was typed, without the blanks around it", () => {
  const draft = typed({ name: " Harbor ", address: "harbor.example.com ", username: "robot", password: " s3cret " })
  expect(inputOf(draft, true)).toEqual({
    name: "Harbor",
    address: "harbor.example.com",
    naming: "default",
    shared: false,
    plainHttp: false,
    tlsVerify: true,
    ca: null,
    username: "robot",
    password: " s3cret ",
  })
})

test("where passwords are not kept, none is sent to be kept", () => {
  const draft = typed({ name: "Harbor", address: "harbor.example.com", username: "robot", password: "s3cret" })
  expect(inputOf(draft, false)).not.toHaveProperty("password")
  expect(checkOf(undefined, draft)).toEqual({ address: "harbor.example.com", username: "robot", password: "s3cret" })
})

test("a target that was only looked at is not changed", () => {
  expect(changesOf(harbor, draftOf(harbor), true)).toEqual({})
})

test("only what was touched is changed; the password stays unless it is typed or forgotten", () => {
  expect(changesOf(harbor, typed({ address: "harbor.example.com/team", rule: "flat" }, harbor), true)).toEqual({
    address: "harbor.example.com/team",
    naming: "flat",
  })
  expect(changesOf(harbor, typed({ password: "new" }, harbor), true)).toEqual({ password: "new" })
  expect(changesOf(harbor, typed({ forgetPassword: true }, harbor), true)).toEqual({ password: null })
  expect(changesOf(harbor, typed({ username: "" }, harbor), true)).toEqual({ username: null })
})

test("a certificate is replaced, kept or forgotten", () => {
  const withCa = { ...harbor, hasCa: true }
  expect(changesOf(withCa, draftOf(withCa), true)).toEqual({})
  expect(changesOf(withCa, typed({ ca: "-----BEGIN" }, withCa), true)).toEqual({ ca: "-----BEGIN" })
  expect(changesOf(withCa, typed({ forgetCa: true }, withCa), true)).toEqual({ ca: null })
})

test("a template of one's own is found again, and a rule with a name by its name", () => {
  const templated = { ...harbor, naming: "mirror/{repository}" }
  expect(draftOf(templated)).toMatchObject({ rule: "template", template: "mirror/{repository}" })
  expect(draftOf({ ...harbor, naming: "basename" })).toMatchObject({ rule: "basename" })
  expect(changesOf(templated, draftOf(templated), true)).toEqual({})
})

test("the saved password goes with its host and its user", () => {
  expect(losesPassword(harbor, draftOf(harbor))).toBe(false)
  expect(losesPassword(harbor, typed({ address: "https://harbor.example.com/other" }, harbor))).toBe(false)
  expect(losesPassword(harbor, typed({ address: "elsewhere.example.com" }, harbor))).toBe(true)
  expect(losesPassword(harbor, typed({ address: "harbor." }, harbor))).toBe(true)
  expect(losesPassword(harbor, typed({ username: " " }, harbor))).toBe(true)
  expect(losesPassword({ ...harbor, hasPassword: false }, typed({ username: "" }, harbor))).toBe(false)
})

test("an untouched target is tested as it is saved, other names of it included", () => {
  expect(checkOf(harbor, draftOf(harbor))).toEqual({ targetId: 3 })
  expect(checkOf(harbor, typed({ name: "Other", shared: true, rule: "flat" }, harbor))).toEqual({ targetId: 3 })
})

test("changes cannot be tested with a password that the page does not know", () => {
  expect(checkOf(harbor, typed({ address: "harbor.example.com/team" }, harbor))).toBeUndefined()
  expect(checkOf(harbor, typed({ address: "harbor.example.com/team", password: "s3cret" }, harbor))).toEqual({
    address: "harbor.example.com/team",
    username: "robot",
    password: "s3cret",
  })
  expect(checkOf(harbor, typed({ forgetPassword: true, tlsVerify: false }, harbor))).toEqual({
    address: "harbor.example.com/proxy",
    username: "robot",
    tlsVerify: false,
  })
})

test("changes cannot be tested with a certificate that the page does not know", () => {
  const withCa = { ...harbor, hasCa: true, hasPassword: false }
  expect(checkOf(withCa, typed({ username: "other" }, withCa))).toBeUndefined()
  expect(checkOf(withCa, typed({ username: "other", ca: "-----BEGIN" }, withCa))).toMatchObject({ ca: "-----BEGIN" })
})

test("a target's address is its host and project", () => {
  expect(addressOf(harbor)).toBe("harbor.example.com/proxy")
  expect(addressOf({ host: "registry.example.com:5000", project: "" })).toBe("registry.example.com:5000")
})
