import { expect, test } from "vitest"
import { failureOf } from "./remote.fixture.ts"
import { RepositoryClient } from "./repository-client.ts"

const secure = new RepositoryClient({
  host: "harbor.example.com",
  repository: "a",
  http: { send: () => Promise.reject(new Error("nothing is sent")), baseUrl: async () => new URL("https://harbor.example.com/") },
})
const from = new URL("https://harbor.example.com/v2/a/blobs/uploads/")

test.each([
  ["1", "https://harbor.example.com/v2/a/blobs/uploads/1", "configured"],
  ["https://harbor.example.com/x?y=1#z", "https://harbor.example.com/x?y=1", "configured"],
  ["http://harbor.example.com/x", "https://harbor.example.com/x", "configured"],
  ["http://harbor.example.com:80/x", "https://harbor.example.com/x", "configured"],
  ["https://u:p@harbor.example.com:444/x", "https://harbor.example.com:444/x", "derived"],
  ["https://cdn.example.com/x", "https://cdn.example.com/x", "derived"],
])("%s leads to %s, which is %s", async (given, url, origin) => {
  const onward = await secure.onward(given, from, "the upload")
  expect({ url: onward.url.href, origin: onward.origin }).toEqual({ url, origin })
})

test("no way leads from https to http", async () => {
  const error = await failureOf(secure.onward("http://cdn.example.com/x", from, "the upload"))
  expect(error.code).toBe("address_blocked")
  expect(error.message).toBe("harbor.example.com led from https to http for the upload")
})

test("what goes wrong beneath carries host and side", async () => {
  const error = await failureOf(secure.send("tags/list", "the tags of a", { method: "GET" }))
  expect(error.message).toBe("harbor.example.com broke off the tags of a: nothing is sent")
  expect([error.code, error.host, error.side]).toEqual(["network", "harbor.example.com", "source"])
})
