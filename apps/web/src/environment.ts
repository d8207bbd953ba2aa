import { fileURLToPath } from "node:url"

/** What the server's process was started with; no other file of this app reads the environment. */
export interface Environment {
  readonly variables: Readonly<Record<string, string | undefined>>
  /** The repository, or the image's folder that is laid out like it. */
  readonly root: string
  /** Next's folder: this package. */
  readonly webDirectory: string
  /** Pages are built when they are asked for, and again when they change. */
  readonly development: boolean
}

/** Reads the environment. Tells Next, which reads it on its own, which mode it is in, and to send nothing home. */
export function readEnvironment(argv: readonly string[] = process.argv.slice(2)): Environment {
  const development = argv.includes("--development")
  const variables = { ...process.env }
  tellNext({ NODE_ENV: development ? "development" : "production", NEXT_TELEMETRY_DISABLED: "1" })
  const webDirectory = fileURLToPath(new URL("..", import.meta.url))
  return { variables, root: fileURLToPath(new URL("../../..", import.meta.url)), webDirectory, development }
}

/** The one way to hand Next what it takes from nowhere else. */
export function tellNext(variables: Readonly<Record<string, string>>): void {
  Object.assign(process.env, variables)
}
