import { expect, test } from "vitest"
import { answersOf, describeAnswer, isForPush, isReady } from "./describe-answer.ts"

const hintOfPage = "Paste the certificate."

test("a wrong password has the sentence of seed 0 and its status", () => {
  const refusal = { answer: "no", code: "unauthorized", status: 401, hint: "check user and password of the registry" } as const
  expect(describeAnswer("credentials", refusal, "zh", hintOfPage)).toEqual({
    sentence: "目标仓库认证失败，请检查用户名密码 · HTTP 401",
    hint: "请检查仓库的用户名和密码",
  })
  expect(describeAnswer("credentials", refusal, "en", hintOfPage)).toEqual({
    sentence: "The target registry refused the login; check user and password · HTTP 401",
    hint: "check user and password of the registry",
  })
})

test("whoever may log in and not push is not told that the password is wrong", () => {
  const refusal = { answer: "no", code: "forbidden", status: 403, hint: "this account may not push there" } as const
  expect(describeAnswer("push", refusal, "zh", hintOfPage)).toEqual({
    sentence: "没有访问权限，请检查账号权限 · HTTP 403",
    hint: "该账号没有推送权限",
  })
})

test("something that is no registry is not told as a push that failed", () => {
  expect(describeAnswer("push", { answer: "no", code: "protocol", status: 200 }, "en", hintOfPage)).toEqual({
    sentence: "The registry gave an answer that cannot be understood · HTTP 200",
    hint: undefined,
  })
})

test("a certificate's hint is the page's own, not the terminal's", () => {
  const refusal = { answer: "no", code: "tls", hint: "…; --tls-verify=false accepts any certificate of this host" } as const
  expect(describeAnswer("tls", refusal, "en", hintOfPage)).toEqual({
    sentence: "The TLS certificate could not be verified; check the certificate",
    hint: hintOfPage,
  })
})

test("a target is ready when nothing was refused or left open", () => {
  const yes = { answer: "yes" } as const
  const all = { reachable: yes, tls: yes, credentials: yes, push: yes }
  expect(isReady(all)).toBe(true)
  expect(isReady({ ...all, tls: { answer: "plain" } })).toBe(true)
  expect(isReady({ ...all, push: { answer: "unknown" } })).toBe(false)
  expect(isReady({ ...all, push: { answer: "no", code: "forbidden" } })).toBe(false)
})

test("a registry that is only read from is asked nothing about pushing, and is no target", () => {
  const yes = { answer: "yes" } as const
  const refused = { answer: "no", code: "unauthorized", status: 401 } as const
  const check = { reachable: yes, tls: yes, credentials: refused }
  expect(answersOf(check).map(([question]) => question)).toEqual(["reachable", "tls", "credentials"])
  expect(isReady(check)).toBe(false)
  expect(isReady({ ...check, credentials: yes })).toBe(true)
  expect(isForPush(check)).toBe(false)
  expect(describeAnswer("credentials", refused, "en", hintOfPage, false).sentence).toBe(
    "The registry refused the login; check user and password · HTTP 401",
  )
})
