import { readFile } from "node:fs/promises"
import { type Nginx, nginx } from "@entrepot/testing"

const recipe = new URL("../../../../../docker/nginx.conf", import.meta.url)

/**
 * nginx with the recipe that the product comes with, as it stands there but for addresses and directories.
 * @param upstream `127.0.0.1:8080`.
 */
export async function nginxFront(upstream: string, blobDirectory: string): Promise<Nginx> {
  const text = await readFile(recipe, "utf8")
  return nginx(({ port, directory }) =>
    replaced(text, {
      "listen 80;": `listen 127.0.0.1:${port};`,
      "server 127.0.0.1:8080;": `server ${upstream};`,
      "/var/cache/nginx/entrepot": cacheOf(directory),
      "/app/data/registry/": `${blobDirectory}/`,
    }),
  )
}

/** Where that nginx keeps what is public. */
export function cacheOf(directory: string): string {
  return `${directory}/cache`
}

/** @throws Error for what does not stand there exactly once. */
function replaced(text: string, places: Readonly<Record<string, string>>): string {
  return Object.entries(places).reduce((before, [old, now]) => {
    const parts = before.split(old)
    if (parts.length !== 2) throw new Error(`"${old}" stands ${parts.length - 1} times in docker/nginx.conf`)
    return parts.join(now)
  }, text)
}
