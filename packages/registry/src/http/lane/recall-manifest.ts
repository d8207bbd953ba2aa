import type { Socket } from "node:net"
import { admitToRepository } from "../admit-to-repository.ts"
import { endpoints } from "../endpoints.ts"
import { linesOf, prepareManifest } from "../prepared-manifest.ts"
import { Question } from "../question.ts"
import type { RegistryParts } from "../registry-parts.ts"
import { readable } from "../repository-visit.ts"
import { policyOf } from "../resources/manifests.ts"
import { parseRoute } from "../route.ts"
import { servedHeaders } from "../served-headers.ts"
import type { ReadyAnswer } from "./connection-lane.ts"
import type { RequestHead } from "./request-head.ts"

/**
 * A manifest that is in memory, for somebody who is known to be allowed to have it: through the same routes, table, gate and repositories as any other
 * request, and into the same log. Undefined where anything has to be waited for, looked up or refused.
 */
export function recallManifest(parts: RegistryParts, head: RequestHead, socket: Socket): ReadyAnswer | undefined {
  const { authorization } = head.headers
  // Passwords are checked once, by the usual way: each check is slow, and counts.
  if (authorization !== undefined && !/^bearer /i.test(authorization)) return undefined
  try {
    return recall(new Question(parts, { method: head.method, headers: head.headers, socket }, head.url), head.method)
  } catch {
    return undefined
  }
}

function recall(question: Question, method: "GET" | "HEAD"): ReadyAnswer | undefined {
  const route = parseRoute(question.path)
  const endpoint = endpoints.manifest[method]
  if (route?.kind !== "manifest" || route.referenceKind === "neither" || endpoint === null) return undefined
  const { name, admission } = admitToRepository(question, endpoint, route)
  if (admission instanceof Promise) {
    // The usual way asks again, and tells what is wrong.
    admission.catch(() => undefined)
    return undefined
  }
  const visit = { exchange: question, name, admission }
  const manifest = readable(visit).recall?.(route.reference)
  if (manifest === undefined) return undefined
  const prepared = prepareManifest(manifest)
  if (typeof prepared.body !== "string") return undefined
  const body = question.isHead ? "" : prepared.body
  return {
    headers: `${prepared.lines(policyOf(visit, route, manifest))}${linesOf(servedHeaders(visit, manifest))}`,
    body,
    sent: () => {
      question.user = admission.subject.name
      question.bytes = body.length
      question.cameFrom(manifest)
      question.finish(200)
    },
  }
}
