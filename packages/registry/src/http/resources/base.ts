import type { Exchange } from "../exchange.ts"

/** GET (distribution-spec, "Endpoints", end-1): this is a registry, and whoever asks may go on. */
export function sendBase(exchange: Exchange): void {
  exchange.sendJson(200, {})
}

/** GET /v1/_ping: `docker search` asks it before its first search at a registry that is not Docker Hub. */
export function sendPing(exchange: Exchange): void {
  exchange.sendJson(200, { standalone: true }, ["X-Docker-Registry-Standalone", "true"])
}
