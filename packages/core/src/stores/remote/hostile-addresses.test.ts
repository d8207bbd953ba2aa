import { createServer } from "node:net"
import { listenOnLoopback } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { isTransferError } from "../../errors/transfer-error.ts"
import { PasswordCredentials } from "../../http/credentials/credentials.ts"
import type { Lookup } from "../../http/transport/dial.ts"
import { blobOf, bodyOf, type Received, readAll, type Scripted, scriptedRegistry, someBytes, testHttp } from "./remote.fixture.ts"
import { openRemote, type RemoteStore } from "./remote-store.ts"

/** What names resolve to, each time they are asked; the last answer stays. */
const names: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "private.test": [["10.0.0.5"]],
  "loopback.test": [["127.0.0.1"]],
  "loopback6.test": [["::1"]],
  "mapped.test": [["::ffff:127.0.0.1"]],
  "metadata.test": [["169.254.169.254"]],
  "zero.test": [["0.0.0.0"]],
  "mixed.test": [["93.184.215.14", "127.0.0.1"]],
  "rebind.test": [["169.254.169.254"], ["127.0.0.1"]],
  localhost: [["127.0.0.1"]],
  "a.localhost": [["127.0.0.1"]],
}

/** Hosts to which no server may lead us, as they can be written in a URL (S3). */
const hosts = [
  ...[
    "127.0.0.1",
    "127.1",
    "127.255.255.254",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "127.0.0.1.",
    "%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1",
  ],
  ...[
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
  ],
  ...["0.0.0.0", "0", "[::]", "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "[::ffff:a9fe:a9fe]"],
  ...["[fd00:ec2::254]", "100.100.100.200", "169.254.1.1", "[fe80::1]", "224.0.0.1", "[ff02::1]", "255.255.255.255"],
  ...["10.0.0.1", "172.16.0.1", "192.168.1.1", "0xc0a80101", "100.64.0.1", "[fd12:3456::1]", "[::ffff:10.0.0.1]"],
  ...Object.keys(names),
]

const bytes = someBytes(1000)
const blob = blobOf(bytes)

interface Sink {
  /** The registry's answer that leads to `url`. */
  readonly answer: (asked: Received, url: string) => Scripted | undefined
  readonly work: (remote: RemoteStore, url: string) => Promise<unknown>
}

const redirecting: Sink["answer"] = (_, url) => ({ status: 307, headers: { location: url } })

/** Every place where a server can name an address. */
const sinks: Readonly<Record<string, Sink>> = {
  "a manifest's redirect": { answer: redirecting, work: (remote) => remote.getManifest("1") },
  "a blob's redirect": { answer: redirecting, work: async (remote) => readAll(await remote.openBlob(blob)) },
  "a token server": {
    answer: (_, url) => ({ status: 401, headers: { "www-authenticate": `Bearer realm="${url}"` } }),
    work: (remote) => remote.getManifest("1"),
  },
  "an upload's Location": {
    answer: ({ method }, url) => (method === "POST" ? { status: 202, headers: { location: url } } : { status: 404 }),
    work: (remote) => remote.putBlob(blob, bodyOf(bytes)),
  },
  "the Link to the next page": {
    answer: (_, url) => ({ status: 200, headers: { link: `<${url}>; rel="next"` }, body: '{"tags":["1"]}' }),
    work: (remote) => remote.listTags(),
  },
}

/** A fake resolver, and what it was asked. */
function fakeDns(): { lookup: Lookup; asked: string[] } {
  const asked: string[] = []
  const lookup: Lookup = async (name) => {
    const answers = names[name] ?? [["93.184.215.14"]]
    const found = answers[Math.min(asked.filter((one) => one === name).length, answers.length - 1)] ?? []
    asked.push(name)
    return found.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }))
  }
  return { lookup, asked }
}

/** A port of this machine that nobody configured. */
async function trap() {
  const reached: string[] = []
  const listening = await listenOnLoopback(
    createServer((socket) => {
      reached.push("connected")
      socket.destroy()
    }),
  )
  onTestFinished(() => listening.close())
  return { port: listening.port, reached }
}

for (const [name, { answer, work }] of Object.entries(sinks)) {
  test.each(hosts)(`${name} leads to http://%s, and nowhere (S3)`, async (host) => {
    const { port, reached } = await trap()
    const url = `http://${host}:${port}/v2/a/next?sig=1`
    await using registry = await scriptedRegistry((asked) => answer(asked, url))
    const { lookup, asked } = fakeDns()
    const credentials = async () => new PasswordCredentials("ada", "canary")
    await using http = testHttp({ lookup, credentials, hosts: { [registry.host]: { plainHttp: true } } })
    const remote = openRemote({ host: registry.host, repository: "a", http, side: "target", upload: { singlePostLimit: 0 } })
    const error: unknown = await work(remote, url).then(
      () => "no error",
      (thrown: unknown) => thrown,
    )
    expect(isTransferError(error, "address_blocked"), String(error)).toBe(true)
    expect(reached).toEqual([])
    // an upload is given up at the same address, which is resolved and refused once more
    expect(asked.length).toBeLessThanOrEqual(2)
  })
}

test.each(hosts)("a foreign layer's address http://%s is not even looked up (S3)", async (host) => {
  const { port, reached } = await trap()
  await using registry = await scriptedRegistry(() => ({ status: 200, body: bytes }))
  const { lookup, asked } = fakeDns()
  await using http = testHttp({ lookup })
  const remote = openRemote({ host: registry.host, repository: "a", http })
  const foreign = { ...blob, urls: [`http://${host}:${port}/layer`] }
  expect((await readAll(await remote.openBlob(foreign))).equals(bytes)).toBe(true)
  expect([reached, asked]).toEqual([[], []])
})

test.each(Object.entries(sinks))(
  "%s may lead to what a person has named, so that the tests above can fail",
  async (name, { answer, work }) => {
    const { port, reached } = await trap()
    const url = `http://127.0.0.1:${port}/v2/a/next`
    await using registry = await scriptedRegistry((asked) => answer(asked, url))
    await using http = testHttp({
      retry: { attempts: 1 },
      hosts: { [registry.host]: { plainHttp: true }, [`127.0.0.1:${port}`]: { plainHttp: true } },
    })
    const upload = { singlePostLimit: 0, backoffMs: 1 }
    const remote = openRemote({ host: registry.host, repository: "a", http, side: "target", upload })
    await work(remote, url).catch(() => undefined)
    // a page of a list is never elsewhere, whoever has named the host
    expect(reached.length > 0).toBe(name !== "the Link to the next page")
  },
)
