import type { Admission } from "../access/gate.ts"
import type { ResolvedName } from "../proxy/resolved-name.ts"
import type { RepositoryEndpoint, RepositoryRouteKind } from "./endpoints.ts"
import { lenderOf } from "./lender.ts"
import type { Question } from "./question.ts"
import type { RouteOf } from "./route.ts"

/**
 * What a request's name means here, and whether whoever asks may do there what it asks for. Notes for the access log what it is about.
 * @throws RegistryError for a name that means nothing, and as Gate.admit does.
 */
export function admitToRepository(
  question: Question,
  endpoint: RepositoryEndpoint,
  route: RouteOf<RepositoryRouteKind>,
): { readonly name: ResolvedName; readonly admission: Admission | Promise<Admission> } {
  question.action = endpoint.logged
  question.repository = route.name
  question.reference = referenceOf(route)
  const name = question.parts.resolve(route.name, { host: question.client.host, ns: question.ns })
  question.repository = name.name
  const lender = route.kind === "uploads" ? lenderOf(question) : undefined
  // Nobody changes what is read through an upstream; those who may see it are told so, and where to push.
  const right = name.kind === "proxied" ? "pull" : endpoint.right
  return { name, admission: question.parts.gate.admit(question, right, name, lender) }
}

function referenceOf(route: RouteOf<RepositoryRouteKind>): string {
  switch (route.kind) {
    case "manifest":
      return route.reference.slice(0, 300)
    case "blob":
    case "referrers":
      return route.digest ?? ""
    case "upload":
      return route.id.slice(0, 100)
    default:
      return ""
  }
}
