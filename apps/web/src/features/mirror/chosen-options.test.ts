import { expect, test } from "vitest"
import { chosenForCopy, chosenForSource, chosenForTarget } from "./chosen-options.ts"
import { emptyDraft } from "./mirror-draft.ts"

test("what is as usual is not told", () => {
  expect([chosenForSource(emptyDraft), chosenForTarget(emptyDraft), chosenForCopy(emptyDraft)]).toEqual([[], [], []])
})

test("what holds is told, though it is folded away", () => {
  const draft = {
    ...emptyDraft,
    sourceUsername: "reader",
    sourcePlainHttp: true,
    plainHttp: true,
    tlsVerify: false,
    engine: "docker",
    referrers: true,
    forceUpload: true,
  } as const
  expect(chosenForSource(draft)).toEqual(["login", "plainHttp"])
  expect(chosenForTarget(draft)).toEqual(["plainHttp", "skipTls"])
  expect(chosenForCopy(draft)).toEqual(["docker", "referrers", "forceUpload"])
})
