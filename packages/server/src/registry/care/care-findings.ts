import { type Digest, isDigest } from "@entrepot/core"
import type { CareKind, CareReports } from "@entrepot/registry"
import type { CareView } from "../administration/registry-service.ts"

/** What a run has found, as its row keeps it. */
export interface KeptFindings extends Pick<CareView, "findings" | "wrong"> {
  /** The process that it goes on in, as `processId` names it. */
  readonly holder: string
  /** When that process last said so, milliseconds since 1970. */
  readonly at: number
}

/** Digests that a scrub lists by name. */
const mostWrong = 100

/** The numbers of a report, by the names that CareView gives them. */
export function numbersOf<Kind extends CareKind>(kind: Kind, report: CareReports[Kind]): Readonly<Record<string, number>>
export function numbersOf(kind: CareKind, report: object): Readonly<Record<string, number>> {
  const all: { readonly [Each in CareKind]: (report: CareReports[Each]) => Readonly<Record<string, number>> } = {
    garbage: ({ blobs, bytes, partialBytes, uploads, strays }) => ({ blobs, bytes: bytes + partialBytes, uploads, strays }),
    evict: ({ images, blobs, bytes }) => ({ images, blobs, bytes }),
    scrub: ({ blobs, verified, bytes, rotten, missing }) => ({
      ...{ blobs, checked: verified + rotten.length + missing.length, bytes },
      ...{ wrong: rotten.length, missing: missing.length },
    }),
  }
  return (all[kind] as (report: object) => Readonly<Record<string, number>>)(report)
}

/** What a report says is wrong or missing. */
export function wrongOf(report: object): readonly Digest[] {
  if (!("rotten" in report && "missing" in report)) return []
  const { rotten, missing } = report as CareReports["scrub"]
  return [...rotten.map(({ digest }) => digest), ...missing].slice(0, mostWrong)
}

/** Nothing was removed, and nothing was wrong. */
export function isEmpty(kind: CareKind, findings: Readonly<Record<string, number>>): boolean {
  const telling = { garbage: ["blobs", "bytes", "uploads", "strays"], evict: ["images"], scrub: ["wrong", "missing"] }
  return telling[kind].every((name) => (findings[name] ?? 0) === 0)
}

/** Reads what a row keeps; what this version does not understand counts as nothing. */
export function readFindings(text: string): KeptFindings {
  const kept = parsed(text)
  return {
    findings: Object.fromEntries(entriesOf(kept.findings).filter((entry): entry is [string, number] => isCount(entry[1]))),
    wrong: (Array.isArray(kept.wrong) ? kept.wrong : []).flatMap(readWrong),
    holder: typeof kept.holder === "string" ? kept.holder : "",
    at: isCount(kept.at) ? kept.at : 0,
  }
}

function readWrong(value: unknown): KeptFindings["wrong"] {
  const { digest, repositories } = Object.fromEntries(entriesOf(value))
  if (typeof digest !== "string" || !isDigest(digest) || !Array.isArray(repositories)) return []
  return [{ digest, repositories: repositories.filter((name): name is string => typeof name === "string") }]
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object.fromEntries(entriesOf(JSON.parse(text)))
  } catch {
    return {}
  }
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === "object" && value !== null ? Object.entries(value) : []
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value)
}
