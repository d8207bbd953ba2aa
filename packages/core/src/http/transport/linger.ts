import type { Socket } from "node:net"

/** How long an answer may take after a write has failed. */
const lingerMs = 250

/**
 * Makes a socket outlive a failed write for a moment. A server that refuses an upload early (401, 413) and closes makes our next write
 * fail; Node would destroy the socket at once, and with it the answer that waits in the receive buffer and says why.
 */
export function lingerAfterWriteError(socket: Socket): void {
  const destroy = socket.destroy.bind(socket)
  let timer: NodeJS.Timeout | undefined
  socket.destroy = (error) => {
    if (isWriteError(error)) {
      timer ??= setTimeout(() => destroy(error), lingerMs)
      return socket
    }
    clearTimeout(timer)
    return destroy(error)
  }
}

function isWriteError(error: Error | undefined): boolean {
  return error !== undefined && "syscall" in error && error.syscall === "write"
}
