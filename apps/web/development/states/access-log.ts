import type { AccessNews, AccessRecord, Answers } from "@entrepot/client"
import { digestOf, noon } from "./jobs.ts"

type LogPage = Answers["accessLog"]["list"]

const usual: AccessRecord = {
  id: 5_021,
  at: noon,
  user: "ci",
  address: "203.0.113.7",
  action: "pull",
  method: "GET",
  repository: "docker.io/library/nginx",
  reference: "1.27",
  status: 200,
  bytes: 1_862,
  durationMs: 14,
  cache: "hit",
  upstream: null,
  userAgent: "docker/27.3.1 go/go1.22.7 kernel/6.1.0-27-amd64 os/linux arch/amd64 UpstreamClient(Docker-Client/27.3.1)",
}

/** One entry of every kind; each began some seconds before the one above it. */
const kinds: readonly Partial<AccessRecord>[] = [
  {},
  {
    action: "blob",
    reference: digestOf("b"),
    bytes: 29_126_132,
    durationMs: 2_410,
    cache: "miss",
    upstream: "registry-1.docker.io",
  },
  { action: "pull", cache: "revalidated", upstream: "registry-1.docker.io", durationMs: 182, user: "" },
  { action: "pull", cache: "stale", upstream: "quay.io", repository: "quay.io/prometheus/prometheus", reference: "v2.40.0" },
  { action: "push", method: "PUT", repository: "team/shop", reference: "2.4.1-rc.3", status: 201, cache: null, bytes: 2_204 },
  {
    action: "blob",
    method: "PUT",
    repository: "team/shop",
    reference: digestOf("c"),
    bytes: 7_340_032_000,
    durationMs: 754_000,
    cache: null,
  },
  {
    action: "login",
    repository: "",
    reference: "",
    cache: null,
    bytes: 912,
    userAgent: "containers/5.29.2 (github.com/containers/image)",
  },
  {
    action: "login",
    repository: "",
    reference: "",
    status: 401,
    user: "",
    address: "2001:db8:85a3:8d3:1319:8a2e:370:7348",
    cache: null,
  },
  { action: "search", repository: "", reference: "nginx", cache: "miss", upstream: "index.docker.io", durationMs: 940 },
  { action: "list", repository: "team/shop", reference: "", cache: null, userAgent: "skopeo/1.9.3" },
  {
    action: "pull",
    repository: "docker.io/library/ngnix",
    reference: "latest",
    status: 404,
    cache: "miss",
    upstream: "registry-1.docker.io",
  },
  {
    action: "pull",
    repository: "registry.internal.example.com:5000/department-of-long-names/platform/base-images/distroless-java-runtime",
    reference: "21.0.5_11-jre-noble-with-everything",
    status: 502,
    cache: "miss",
    upstream: "registry.internal.example.com:5000",
    userAgent: "",
    durationMs: 30_012,
  },
  {
    action: "delete",
    method: "DELETE",
    repository: "team/shop",
    reference: "2.3.0",
    status: 202,
    user: "zhang.min",
    cache: null,
    bytes: 0,
  },
]

const entries = Array.from({ length: 60 }, (_, index) => ({
  ...usual,
  ...kinds[index % kinds.length],
  id: usual.id - index,
  at: noon - index * 7_300,
}))

/** Some entries of every kind. */
export const accessLog: LogPage = { entries, next: null, dropped: 0 }

/** A server that was busier than its database. */
export const droppedLog: LogPage = { entries: entries.slice(0, 5), next: null, dropped: 1_204 }

/** Nobody has pulled anything. */
export const emptyLog: LogPage = { entries: [], next: null, dropped: 0 }

/** What comes while somebody looks. */
export const accessNews: readonly AccessNews[] = [
  { lastId: usual.id + 1, entries: [{ ...usual, id: usual.id + 1, at: noon + 4_000, user: "li.wei" }], hasMore: false },
]
