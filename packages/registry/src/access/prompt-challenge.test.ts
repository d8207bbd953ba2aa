import { expect, test } from "vitest"
import { PromptChallenge } from "./prompt-challenge.ts"

/** An upstream whose answers are given by hand. */
function upstream() {
  let known: string | undefined | Promise<string | undefined>
  return {
    login: { registry: "docker.io", challenge: () => known },
    says: (text: string | undefined) => {
      known = text
    },
    isAsked: () => {
      const asked = askedByHand()
      known = asked.promise
      return asked
    },
  }
}

interface Asked {
  readonly promise: Promise<string | undefined>
  readonly resolve: (value: string | undefined) => void
  readonly reject: (error: Error) => void
}

function askedByHand(): Asked {
  let resolve: (value: string | undefined) => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<string | undefined>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}

test("what is known is said at once", () => {
  const { login, says } = upstream()
  says("Basic")
  expect(new PromptChallenge(login).get()).toBe("Basic")
})

test("the first answer is waited for, and what was said last holds while the upstream is asked again", async () => {
  const { login, isAsked } = upstream()
  const challenge = new PromptChallenge(login)
  const first = isAsked()
  const got = challenge.get()
  expect(got).toBeInstanceOf(Promise)
  first.resolve("Basic")
  expect(await got).toBe("Basic")
  const second = isAsked()
  expect(challenge.get()).toBe("Basic")
  second.resolve("Bearer")
  await second.promise
  expect(challenge.get()).toBe("Bearer")
})

test("an upstream that does not answer is waited for once, and not for long", async () => {
  const { login, isAsked } = upstream()
  const challenge = new PromptChallenge(login, 50)
  const asked = isAsked()
  const from = performance.now()
  expect(await challenge.get()).toBeUndefined()
  expect(performance.now() - from).toBeGreaterThan(40)
  expect(challenge.get()).toBeUndefined()
  asked.resolve("Basic")
  await asked.promise
  expect(challenge.get()).toBe("Basic")
})

test("one that fails wants no login that is known", async () => {
  const { login, isAsked } = upstream()
  const challenge = new PromptChallenge(login)
  isAsked().reject(new Error("the upstream is away"))
  expect(await challenge.get()).toBeUndefined()
})
