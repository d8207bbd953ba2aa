import type { Platform } from "../../content/platform.ts"
import { TransferError } from "../../errors/transfer-error.ts"
import { formatFamiliar, type Reference } from "../../reference/index.ts"
import { formatLocation, type Location, parseLocation } from "../../stores/location.ts"
import type { CopyRequest } from "../engine.ts"

/** A copy as the Docker engine understands it. */
export interface DockerRequest {
  readonly source: DockerEnd
  readonly target: DockerEnd
  /** The one that is wanted; the daemon's own when absent. */
  readonly platform: Platform | undefined
  /** What was asked for and will not be done. */
  readonly warnings: readonly string[]
}

export interface DockerEnd {
  readonly reference: Reference
  /** In the daemon itself: nothing is pulled or pushed there. */
  readonly isLocal: boolean
  /** As a person would write it. */
  readonly name: string
}

/** @throws TransferError `unsupported` for places and wishes that a daemon cannot fulfil, `usage`, `reference_invalid`. */
export function readDockerRequest(request: CopyRequest): DockerRequest {
  const [platform, ...more] = request.platforms ?? []
  if (more.length > 0) {
    throw new TransferError("unsupported", "the Docker engine copies one platform of an image", {
      hint: "name one platform, or use the direct engine",
    })
  }
  const source = readEnd(request.source)
  const target = readEnd(request.target)
  if (target.reference.digest !== undefined) {
    throw new TransferError("usage", `${target.name} has a digest: a target is named by a tag`, { hint: "leave the digest out" })
  }
  const warnings = [
    ...(request.referrers ? ["the Docker engine leaves signatures and referrers behind; the direct engine copies them"] : []),
    ...(request.alternatives?.length
      ? ["the Docker engine asks the daemon's own mirrors, not the alternatives that were named"]
      : []),
    ...(request.nonDistributable ? ["the Docker engine decides itself about layers that are not to be distributed"] : []),
  ]
  return { source, target, platform, warnings }
}

function readEnd(text: string): DockerEnd {
  const location = parseLocation(text)
  if (location.transport !== "docker" && location.transport !== "docker-daemon") {
    throw new TransferError("unsupported", `the Docker engine cannot use ${formatLocation(location)}`, {
      hint: "use the direct engine, which copies between any two places",
    })
  }
  return { reference: location.reference, isLocal: location.transport === "docker-daemon", name: endName(location) }
}

function endName(location: Extract<Location, { transport: "docker" | "docker-daemon" }>): string {
  return location.transport === "docker" ? formatFamiliar(location.reference) : formatLocation(location)
}
