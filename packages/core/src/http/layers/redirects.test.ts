import { expect, test } from "vitest"
import { TransferError } from "../../errors/transfer-error.ts"
import { staticCredentials } from "../credentials/static-credentials.ts"
import { type HttpRequest, type Send, stack } from "../http.ts"
import { auth } from "./auth.ts"
import { loopbackSend } from "./loopback-send.fixture.ts"
import { type Asked, type Handler, type LoopbackServer, loopbackServer } from "./loopback-server.fixture.ts"
import { redirects } from "./redirects.ts"

const blob: HttpRequest = {
  method: "GET",
  url: new URL("https://registry.example.com/v2/app/blobs/sha256:1"),
  headers: { range: "bytes=5-", accept: "*/*", cookie: "session", "x-secret": "canary" },
  origin: "configured",
  scopes: ["repository:app:pull"],
}

/** One server that plays every host; handlers by host. */
function world(hosts: Record<string, Handler>): Promise<LoopbackServer> {
  return loopbackServer((asked, response) => {
    const handler = hosts[new URL(urlOf(asked)).host]
    if (handler) handler(asked, response)
    else response.socket?.destroy()
  })
}

function urlOf(asked: Asked): string {
  return String(asked.headers["x-url"])
}

function to(location: string, status = 307): Handler {
  return (_, response) => response.writeHead(status, { location }).end()
}

const content: Handler = (_, response) => response.end("content")

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "did not fail",
    (error: unknown) => error,
  )
}

test.each([301, 302, 303, 307, 308])(
  "a %i to another host carries neither credentials nor cookies there (S2)",
  async (status) => {
    await using server = await world({
      "registry.example.com": (asked, response) => {
        if (asked.headers.authorization) return to("https://cdn.example.com/blob?sig=1", status)(asked, response)
        return response.writeHead(401, { "www-authenticate": "Basic" }).end()
      },
      "cdn.example.com": content,
    })
    const credentials = staticCredentials({ "registry.example.com": { username: "ada", password: "canary" } })
    const response = await stack(loopbackSend(server), redirects(), auth({ credentials }))(blob)
    expect((await response.body.bytes(10)).toString()).toBe("content")
    expect(response.url.href).toBe("https://cdn.example.com/blob?sig=1")
    const { headers } = server.asked.at(-1) ?? {}
    expect(headers).toMatchObject({ range: "bytes=5-", accept: "*/*" })
    expect([headers?.authorization, headers?.cookie, headers?.["x-secret"]]).toEqual([undefined, undefined, undefined])
  },
)

test.each(["Basic", 'Bearer realm="https://cdn.evil.net/token"', 'Bearer realm="https://registry.example.com/token"'])(
  "a 401 %s of the second host is not answered with the first host's credentials (S2)",
  async (challenge) => {
    await using server = await world({
      "registry.example.com": (asked, response) => {
        if (asked.headers.authorization) return to("https://cdn.evil.net/blob")(asked, response)
        return response.writeHead(401, { "www-authenticate": "Basic" }).end()
      },
      "cdn.evil.net": (_, response) => response.writeHead(401, { "www-authenticate": challenge }).end(),
    })
    const credentials = async () => staticCredentials({ x: { username: "ada", password: "canary" } })("x")
    const response = await stack(loopbackSend(server), redirects(), auth({ credentials }))(blob)
    expect(response.status).toBe(401)
    const abroad = server.asked.filter((asked) => urlOf(asked).includes("evil"))
    expect(abroad.map((asked) => asked.headers.authorization)).toEqual([undefined])
    expect(server.asked.length).toBe(3)
  },
)

test("coming home from abroad, a chain stays anonymous", async () => {
  await using server = await world({
    "registry.example.com": (asked, response) => {
      if (asked.path.startsWith("/other")) return content(asked, response)
      return to("https://cdn.example.com/blob")(asked, response)
    },
    "cdn.example.com": to("https://registry.example.com/other"),
  })
  const seen: HttpRequest[] = []
  const transport = loopbackSend(server)
  const watched: Send = (request) => {
    seen.push(request)
    return transport(request)
  }
  await redirects()(watched)(blob)
  expect(seen.map((request) => [request.url.host, request.scopes, request.origin])).toEqual([
    ["registry.example.com", ["repository:app:pull"], "configured"],
    ["cdn.example.com", undefined, "derived"],
    ["registry.example.com", undefined, "derived"],
  ])
})

test("a redirect inside the host keeps the right to authenticate (Harbor adds library/ by 301)", async () => {
  await using server = await world({
    "registry.example.com": (asked, response) => {
      if (asked.path.startsWith("/v2/library/")) return content(asked, response)
      return to("../../library/app/blobs/sha256:1", 301)(asked, response)
    },
  })
  const seen: HttpRequest[] = []
  const transport = loopbackSend(server)
  const response = await redirects()((request) => {
    seen.push(request)
    return transport(request)
  })(blob)
  expect(response.url.href).toBe("https://registry.example.com/v2/library/app/blobs/sha256:1")
  expect(seen.map((request) => [request.scopes, request.origin])).toEqual([
    [["repository:app:pull"], "configured"],
    [["repository:app:pull"], "configured"],
  ])
})

test("five redirects are followed, the sixth is an error (fault 28)", async () => {
  const handler: Handler = (asked, response) => {
    const step = Number(new URL(urlOf(asked)).searchParams.get("step") ?? 0)
    if (step === 5 && asked.path.includes("short")) return content(asked, response)
    return to(`?${asked.path.includes("short") ? "short&" : ""}step=${step + 1}`)(asked, response)
  }
  await using server = await world({ "registry.example.com": handler })
  const send = redirects()(loopbackSend(server))
  expect((await send({ ...blob, url: new URL("?short", blob.url) })).status).toBe(200)
  expect(await failureOf(send(blob))).toMatchObject({
    code: "protocol",
    message: "registry.example.com redirected more than 5 times",
    host: "registry.example.com",
  })
  expect(server.asked.length).toBe(12)
})

test("when the host that a redirect leads to is dead, the origin is asked once for a fresh URL (fault 27)", async () => {
  const locations = ["https://dead.example.com/blob", "https://cdn.example.com/blob"]
  await using server = await world({
    "registry.example.com": (asked, response) => to(locations.shift() ?? "")(asked, response),
    "cdn.example.com": content,
  })
  expect((await redirects()(loopbackSend(server))(blob)).status).toBe(200)
  expect(server.asked.map((asked) => new URL(urlOf(asked)).host)).toEqual([
    "registry.example.com",
    "dead.example.com",
    "registry.example.com",
    "cdn.example.com",
  ])
})

test("when the fresh URL is dead too, the error names the dead host", async () => {
  await using server = await world({ "registry.example.com": to("https://dead.example.com/blob?sig=canary") })
  const failure = await failureOf(redirects()(loopbackSend(server))(blob))
  expect(failure).toMatchObject({ code: "network", host: "dead.example.com" })
  expect(String(failure)).not.toContain("canary")
  expect(server.asked.length).toBe(4)
})

test("a signed URL that has expired is renewed once (fault 29)", async () => {
  let signed = 0
  await using server = await world({
    "registry.example.com": (asked, response) => to(`https://cdn.example.com/blob?sig=${++signed}`)(asked, response),
    "cdn.example.com": (asked, response) =>
      asked.path.endsWith("sig=2") ? content(asked, response) : response.writeHead(403).end(),
  })
  expect((await redirects()(loopbackSend(server))(blob)).status).toBe(200)
  expect((await redirects()(loopbackSend(server))(blob)).status).toBe(403)
  expect(server.asked.length).toBe(8)
})

test("a 403 of the registry itself is an answer, not a reason to ask again", async () => {
  await using server = await world({ "registry.example.com": (_, response) => response.writeHead(403).end() })
  expect((await redirects()(loopbackSend(server))(blob)).status).toBe(403)
  expect(server.asked.length).toBe(1)
})

test.each([
  ["http://cdn.example.com/blob?sig=canary", "registry.example.com redirected from https to plain http at cdn.example.com"],
  ["ftp://cdn.example.com/blob", "registry.example.com redirected to something that is not a URL"],
  ["https://[", "registry.example.com redirected to something that is not a URL"],
])("a redirect to %s is refused", async (location, message) => {
  await using server = await world({ "registry.example.com": to(location) })
  const failure = await failureOf(redirects()(loopbackSend(server))(blob))
  expect(failure).toBeInstanceOf(TransferError)
  expect(failure).toMatchObject({ code: "protocol", message, host: "registry.example.com" })
  expect(server.asked.length).toBe(1)
})

test("user info in a Location is not sent", async () => {
  await using server = await world({
    "registry.example.com": to("https://ada:canary@cdn.example.com/blob"),
    "cdn.example.com": content,
  })
  const response = await redirects()(loopbackSend(server))(blob)
  expect(response.url.href).toBe("https://cdn.example.com/blob")
})

test("the Location of an upload is no redirect, nor is a 307 to a POST", async () => {
  for (const [status, method] of [
    [202, "POST"],
    [307, "POST"],
    [201, "PUT"],
  ] as const) {
    await using server = await world({ "registry.example.com": to("https://evil.net/", status) })
    expect((await redirects()(loopbackSend(server))({ ...blob, method })).status).toBe(status)
    expect(server.asked.length).toBe(1)
  }
})
