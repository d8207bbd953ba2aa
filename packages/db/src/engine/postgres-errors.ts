/** Codes of PostgreSQL and of sockets after which asking again makes sense: nothing was applied, or nobody was there to apply it. */
const passing = /^(08|57P0[1-3]|53300|25006|40001|40P01|ECONN|EPIPE|ETIMEDOUT|ENOENT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)/

/** node-postgres has no code for these. */
const passingText = /Connection terminated|not queryable|timeout exceeded when trying to connect|Client was closed/

/** The server is away or is restarting, or one of two transactions had to give way. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(isPassing)
  const { code } = error as { code?: unknown }
  return typeof code === "string" ? passing.test(code) : passingText.test(error.message)
}

/** Drizzle puts the driver's error inside one of its own, whose message repeats statement and parameters. */
export function driverError(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error && error.message.startsWith("Failed query") ? error.cause : error
}
