import { EntrepotError } from "@entrepot/client"
import { MutationObserver, onlineManager, type QueryClient, QueryObserver } from "@tanstack/react-query"
import { afterEach, describe, expect, test } from "vitest"
import { createQueryClient } from "./create-query-client.ts"

const meKey = [["accounts", "me"], { type: "query" }]
const listKey = [["jobs", "list"], { type: "query" }]
const refused = () =>
  new EntrepotError("this needs a login", {
    code: "unauthenticated",
    httpStatus: 401,
    sentence: { zh: "请先登录", en: "Please log in" },
  })

/** Somebody is logged in, and has seen jobs. */
function knownTo(userId: number): QueryClient {
  const client = createQueryClient()
  client.setQueryData(meKey, { userId })
  client.setQueryData(listKey, `jobs of ${userId}`)
  return client
}

describe("S15: what was answered to one user", () => {
  test("is forgotten when somebody else is logged in", () => {
    const client = knownTo(1)
    client.setQueryData(meKey, { userId: 2 })
    expect(client.getQueryData(listKey)).toBeUndefined()
    expect(client.getQueryData(meKey)).toEqual({ userId: 2 })
  })

  test("is asked for anew on a page that shows it while somebody else is logged in", async () => {
    const client = knownTo(1)
    const shown: unknown[] = []
    const observer = new QueryObserver(client, { queryKey: listKey, queryFn: async () => "jobs of 2", staleTime: 60_000 })
    const stop = observer.subscribe(({ data }) => shown.push(data))
    client.setQueryData(meKey, { userId: 2 })
    await expect.poll(() => shown.at(-1)).toBe("jobs of 2")
    expect(shown).not.toContain("jobs of 1")
    stop()
  })

  test("is forgotten when the login has ended", async () => {
    const client = knownTo(1)
    await client.fetchQuery({ queryKey: meKey, staleTime: 0, queryFn: () => Promise.reject(refused()) }).catch(() => {})
    expect(client.getQueryData(listKey)).toBeUndefined()
  })

  test("stays when the same user is told of again, and when the application is out of reach", async () => {
    const client = knownTo(1)
    client.setQueryData(meKey, { userId: 1 })
    await client
      .fetchQuery({ queryKey: meKey, staleTime: 0, queryFn: () => Promise.reject(new Error("no network")) })
      .catch(() => {})
    expect(client.getQueryData(listKey)).toBe("jobs of 1")
  })
})

describe("S19: what is sent with a change", () => {
  test.each([
    ["was made", () => Promise.resolve("done")],
    ["was refused", () => Promise.reject(refused())],
  ])("is forgotten once it %s", async (_, mutationFn: () => Promise<string>) => {
    const client = createQueryClient()
    const observer = new MutationObserver<string, Error, { password: string }>(client, { mutationFn })
    const stop = observer.subscribe(() => {})
    await observer.mutate({ password: "canary" }).catch(() => {})
    expect(observer.getCurrentResult().isPending).toBe(false)
    expect(observer.getCurrentResult().variables).toBeUndefined()
    expect(
      JSON.stringify(
        client
          .getMutationCache()
          .getAll()
          .map(({ state }) => state),
      ),
    ).not.toContain("canary")
    stop()
  })
})

describe("without a network", () => {
  afterEach(() => onlineManager.setOnline(true))

  test("the application is asked all the same: it may be on this machine", async () => {
    onlineManager.setOnline(false)
    const client = createQueryClient()
    expect(await client.fetchQuery({ queryKey: listKey, queryFn: async () => "jobs" })).toBe("jobs")
    const observer = new MutationObserver(client, { mutationFn: async () => "started" })
    expect(await observer.mutate()).toBe("started")
  })
})
