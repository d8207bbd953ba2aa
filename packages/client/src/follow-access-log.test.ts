import { startApplication } from "@entrepot/server/application-fixture"
import { faultProxy } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { createEntrepotClient } from "./index.ts"

test("fault 49: the access log is followed through a break, narrowed to what is asked for, as long as the login is good", {
  timeout: 30_000,
}, async () => {
  const application = await startApplication()
  onTestFinished(() => application[Symbol.asyncDispose]())
  const proxy = await faultProxy(application.server.port)
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  const direct = createEntrepotClient(application)
  const client = createEntrepotClient({ url: `http://127.0.0.1:${proxy.port}`, token: application.token })
  onTestFinished(() => {
    direct.close()
    client.close()
  })
  const ask = async (name: string) => {
    const answer = await fetch(`${application.url}/v2/${name}/manifests/1`)
    await answer.arrayBuffer()
  }
  const stop = new AbortController()
  const connection: string[] = []
  const seen: string[] = []
  const onConnection = (state: string) => void connection.push(state)
  const following = (async () => {
    let isFirst = true
    for await (const { entries, lastId } of client.accessLog.follow(
      { repository: "proxy/team/" },
      { signal: stop.signal, onConnection },
    )) {
      seen.push(...entries.map(({ repository, id }) => `${repository} ${id <= lastId}`).toReversed())
      if (!isFirst) continue
      isFirst = false
      await ask("proxy/other/app")
      await ask("proxy/team/one")
    }
  })()
  await expect.poll(() => seen, { timeout: 10_000 }).toEqual(["proxy/team/one true"])
  proxy.resetAll()
  await ask("proxy/team/two")
  await expect.poll(() => seen, { timeout: 10_000 }).toEqual(["proxy/team/one true", "proxy/team/two true"])
  expect(connection).toEqual(["broken", "restored"])
  stop.abort()
  await following

  const list = await direct.accessLog.list.query({ repository: "proxy/team/" })
  const after = list.entries.at(-1)?.id ?? 0
  for await (const { entries } of direct.accessLog.follow({}, { after })) {
    expect(entries.map(({ repository }) => repository)).toEqual(["proxy/team/two"])
    break
  }
  const stranger = createEntrepotClient({ url: application.url, token: "ept_nobody_0000" })
  onTestFinished(() => stranger.close())
  await expect(stranger.accessLog.follow().next()).rejects.toMatchObject({ code: "unauthenticated" })
})
