import { createLog, readConfiguration, ServiceError, secretsOf, serveUntilSignal, startServer } from "@entrepot/server"
import { readEnvironment } from "./environment.ts"
import { preparePages } from "./prepare-pages.ts"
import { redirectConsole } from "./redirect-console.ts"

/** The program: reads the configuration, serves until it is told to stop, and says in one sentence what keeps it from starting. */
async function main(): Promise<void> {
  const { variables, root, webDirectory, development } = readEnvironment()
  const configuration = await readConfiguration(variables, { root })
  const log = createLog({
    level: configuration.logLevel,
    write: (line) => process.stdout.write(line),
    pretty: process.stdout.isTTY,
    colour: process.stdout.isTTY && !variables.NO_COLOR,
    secrets: secretsOf(configuration),
  })
  if (!development) redirectConsole(log)
  const pages = preparePages({ directory: webDirectory, development, locale: configuration.locale })
  const server = await startServer(configuration, { log, pages })
  log.info({ url: server.url }, `Entrepot is ready: ${server.url}`)
  // Whoever started this process with a channel is told the address.
  process.send?.(server.url)
  for (const notice of server.runtime.notices) log.warn({}, notice)
  await serveUntilSignal(server, log)
}

try {
  await main()
  process.exit(0)
} catch (error) {
  process.stderr.write(
    `${error instanceof ServiceError ? error.message : (error instanceof Error && error.stack) || String(error)}\n`,
  )
  process.exit(1)
}
