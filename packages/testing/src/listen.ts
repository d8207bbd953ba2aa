import type { AddressInfo, Server, Socket } from "node:net"

export interface Listening {
  readonly port: number
  /** `127.0.0.1:12345` */
  readonly host: string
  readonly origin: string
  /** Stops listening and cuts every open connection. */
  close(): Promise<void>
}

/** Listens on 127.0.0.1, on any free port unless one is given. */
export async function listenOnLoopback(
  server: Server,
  options: { port?: number; scheme?: "http" | "https" } = {},
): Promise<Listening> {
  const sockets = new Set<Socket>()
  server.on("connection", (socket: Socket) => {
    sockets.add(socket)
    socket.once("close", () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(options.port ?? 0, "127.0.0.1", () => {
      server.removeListener("error", reject)
      resolve()
    })
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    host: `127.0.0.1:${port}`,
    origin: `${options.scheme ?? "http"}://127.0.0.1:${port}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
