import type { Action } from "../access/access.ts"
import type { Admission } from "../access/gate.ts"
import type { AccessEntry } from "../access-log/access-entry.ts"
import type { Exchange } from "./exchange.ts"
import type { RepositoryVisit } from "./repository-visit.ts"
import { sendBase, sendPing } from "./resources/base.ts"
import { deleteBlob, sendBlob } from "./resources/blobs.ts"
import { sendCatalog } from "./resources/catalog.ts"
import { deleteManifest, putManifest } from "./resources/manifest-changes.ts"
import { sendManifest } from "./resources/manifests.ts"
import { sendReferrers } from "./resources/referrers.ts"
import { sendSearch } from "./resources/search.ts"
import { sendTags } from "./resources/tags.ts"
import { sendToken } from "./resources/token.ts"
import { beginUpload, cancelUpload, continueUpload, finishUpload, sendUploadStatus } from "./resources/uploads.ts"
import type { Route, RouteKind, RouteOf } from "./route.ts"

export const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const

export type Method = (typeof methods)[number]

/** Routes that name a repository. */
export type RepositoryRouteKind = Extract<Route, { readonly name: string }>["kind"]

/** What somebody may do who may pull from, push to or delete in a repository. */
export interface RepositoryEndpoint {
  readonly right: Exclude<Action, "catalog">
  /** What the access log calls it. */
  readonly logged: AccessEntry["action"]
  /** @param route of the kind under which it stands in the table. */
  answer(visit: RepositoryVisit, route: RouteOf<RepositoryRouteKind>): void | Promise<void>
}

interface EndpointFor<Kind extends RepositoryRouteKind> extends Omit<RepositoryEndpoint, "answer"> {
  answer(visit: RepositoryVisit, route: RouteOf<Kind>): void | Promise<void>
}

/** What concerns no single repository. `none`: asked by those who have no right yet. */
export interface GlobalEndpoint {
  readonly right: "base" | "catalog" | "search" | "none"
  /** Null: the access log does not tell of it. */
  readonly logged: AccessEntry["action"] | null
  answer(exchange: Exchange, admission: Admission | undefined): void | Promise<void>
}

type EndpointOf<Kind extends RouteKind> = Kind extends RepositoryRouteKind ? EndpointFor<Kind> : GlobalEndpoint

const base: GlobalEndpoint = { right: "base", logged: null, answer: sendBase }
const token: GlobalEndpoint = { right: "none", logged: "login", answer: sendToken }
const ping: GlobalEndpoint = { right: "none", logged: null, answer: sendPing }
const catalog: GlobalEndpoint = { right: "catalog", logged: "list", answer: admitted(sendCatalog) }
const search: GlobalEndpoint = { right: "search", logged: "search", answer: admitted(sendSearch) }
const manifest: EndpointFor<"manifest"> = { right: "pull", logged: "pull", answer: sendManifest }
const blob: EndpointFor<"blob"> = { right: "pull", logged: "blob", answer: sendBlob }
const tags: EndpointFor<"tags"> = { right: "pull", logged: "list", answer: sendTags }
const referrers: EndpointFor<"referrers"> = { right: "pull", logged: "list", answer: sendReferrers }

/**
 * Every method on every route, with the right that it needs (RELIABILITY S5): what is not here cannot be compiled, and null is refused with 405. HEAD
 * asks for the same right as GET. Nothing else decides what a request may do.
 */
export const endpoints: { readonly [Kind in RouteKind]: Readonly<Record<Method, EndpointOf<Kind> | null>> } = {
  base: { GET: base, HEAD: base, POST: null, PUT: null, PATCH: null, DELETE: null },
  token: { GET: token, HEAD: null, POST: token, PUT: null, PATCH: null, DELETE: null },
  ping: { GET: ping, HEAD: ping, POST: null, PUT: null, PATCH: null, DELETE: null },
  catalog: { GET: catalog, HEAD: catalog, POST: null, PUT: null, PATCH: null, DELETE: null },
  search: { GET: search, HEAD: null, POST: null, PUT: null, PATCH: null, DELETE: null },
  tags: { GET: tags, HEAD: tags, POST: null, PUT: null, PATCH: null, DELETE: null },
  referrers: { GET: referrers, HEAD: referrers, POST: null, PUT: null, PATCH: null, DELETE: null },
  manifest: {
    GET: manifest,
    HEAD: manifest,
    POST: null,
    PUT: { right: "push", logged: "push", answer: putManifest },
    PATCH: null,
    DELETE: { right: "delete", logged: "delete", answer: deleteManifest },
  },
  blob: {
    GET: blob,
    HEAD: blob,
    POST: null,
    PUT: null,
    PATCH: null,
    DELETE: { right: "delete", logged: "delete", answer: deleteBlob },
  },
  uploads: {
    GET: null,
    HEAD: null,
    POST: { right: "push", logged: "push", answer: beginUpload },
    PUT: null,
    PATCH: null,
    DELETE: null,
  },
  upload: {
    GET: { right: "push", logged: "push", answer: sendUploadStatus },
    HEAD: { right: "push", logged: "push", answer: sendUploadStatus },
    POST: null,
    PUT: { right: "push", logged: "push", answer: finishUpload },
    PATCH: { right: "push", logged: "push", answer: continueUpload },
    DELETE: { right: "push", logged: "push", answer: cancelUpload },
  },
}

function admitted(answer: (exchange: Exchange, admission: Admission) => Promise<void>): GlobalEndpoint["answer"] {
  return (exchange, admission) => {
    if (admission === undefined) throw new Error("this needs a right, and nobody was asked for it")
    return answer(exchange, admission)
  }
}
