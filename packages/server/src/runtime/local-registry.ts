import { connect } from "node:net"
import type { Reference, TargetStore } from "@entrepot/core"
import type { Configuration } from "../configuration/configuration.ts"
import { createEmbeddedRegistry } from "../registry/embedded/embedded-registry.ts"
import { openWarehouse } from "../registry/open-warehouse.ts"
import { commonProject } from "../registry/project-places.ts"
import { openDatabase } from "./open-database.ts"

/** The registry of this machine as a place to copy to, whether its server runs or not. */
export interface LocalRegistry {
  /** As `docker pull` takes it while the server runs: `127.0.0.1:8080`. */
  readonly host: string
  /** The project of images that name no target. */
  readonly project: string
  /** Whether a server listens where this machine's is configured to. */
  isServed(): Promise<boolean>
  /** Undefined: the reference is another registry's. @throws TransferError `not_found` without the project. */
  openTarget(reference: Reference): Promise<TargetStore | undefined>
  close(): Promise<void>
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** Opens database and blobs beside a server that may have them open too. @throws when they cannot be opened. */
export async function openLocalRegistry(
  configuration: Pick<Configuration, "database" | "listen" | "publicUrl" | "registry">,
  now: () => number = Date.now,
): Promise<LocalRegistry> {
  const database = await openDatabase(configuration)
  try {
    const { warehouse, close } = await openWarehouse(configuration, database, { log: silent, now })
    const embedded = createEmbeddedRegistry({
      stores: database,
      configuration,
      hosted: (repository) => warehouse.hosted(repository),
      changed: async () => undefined,
      now,
    })
    return {
      host: embedded.host,
      project: commonProject,
      isServed: () => isListening(configuration.listen),
      openTarget: (reference) => embedded.openTarget(reference),
      close: async () => {
        await close()
        await database.close()
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** Whether somebody takes connections there, at once: it is this machine. */
function isListening({ host, port }: Configuration["listen"]): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: host === "" || host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host, port })
    const end = (isThere: boolean) => {
      socket.destroy()
      resolve(isThere)
    }
    socket.setTimeout(1_000, () => end(false))
    socket.once("connect", () => end(true))
    socket.once("error", () => end(false))
  })
}
