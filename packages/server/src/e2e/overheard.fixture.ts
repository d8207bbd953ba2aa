import { connect, createServer } from "node:net"
import { listenOnLoopback } from "@entrepot/testing"
import { onTestFinished } from "vitest"

/** A way to a port of this machine on which every byte that is sent there is heard. */
export async function overheard(heard: Buffer[]) {
  let port = 0
  const { host, close } = await listenOnLoopback(
    createServer((client) => {
      const server = connect(port, "127.0.0.1")
      client.on("data", (piece) => heard.push(piece))
      client.pipe(server).pipe(client)
      for (const end of [client, server]) end.on("error", () => undefined)
    }),
  )
  onTestFinished(close)
  return {
    host,
    realm: `http://${host}/token`,
    leadTo: (to: number) => {
      port = to
    },
  }
}
