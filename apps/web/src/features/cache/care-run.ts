import type { CareRun } from "@entrepot/client"

/** The looks after what is stored, in the order of their cards. */
export const careKinds = ["evict", "garbage", "scrub"] as const satisfies readonly CareRun["kind"][]

/** How a run ended, or that it goes on; `lost`: its process ended before it did. */
export type CareStanding = "running" | "done" | "failed" | "lost"

/** A row that has no end and does not go on was left by a process that died. */
export function standingOf({ isRunning, endedAt, error }: Pick<CareRun, "isRunning" | "endedAt" | "error">): CareStanding {
  if (isRunning) return "running"
  if (error !== null) return "failed"
  return endedAt === null ? "lost" : "done"
}

/** The newest run of a kind that goes on. */
export function runningOf(runs: readonly CareRun[], kind: CareRun["kind"]): CareRun | undefined {
  return runs.find((run) => run.kind === kind && run.isRunning)
}

/** What a run has found so far, in the order in which it is told. */
export interface CareFinding {
  readonly name: "images" | "blobs" | "bytes" | "checked" | "uploads" | "strays" | "wrong" | "missing"
  readonly value: number
  /** Something an administrator should look at. */
  readonly isTrouble: boolean
}

const told: Readonly<Record<CareRun["kind"], readonly CareFinding["name"][]>> = {
  evict: ["images", "blobs", "bytes"],
  garbage: ["blobs", "bytes", "uploads", "strays"],
  scrub: ["checked", "bytes", "wrong", "missing"],
}

/** What is always told, even if there was none of it; the rest is left out where it is none. */
const alwaysTold: ReadonlySet<string> = new Set(["images", "blobs", "bytes", "checked", "wrong"])

/** The numbers of a run that say something. */
export function findingsOf({ kind, findings }: Pick<CareRun, "kind" | "findings">): readonly CareFinding[] {
  return told[kind].flatMap((name) => {
    const value = findings[name]
    if (value === undefined || (value === 0 && !alwaysTold.has(name))) return []
    return [{ name, value, isTrouble: value > 0 && (name === "wrong" || name === "missing") }]
  })
}

/** How far a scrub is: blobs that were looked at, of all there are. Undefined for runs that cannot know. */
export function progressOf({ kind, findings }: Pick<CareRun, "kind" | "findings">) {
  const { checked, blobs, wrong = 0, missing = 0 } = findings
  if (kind !== "scrub" || checked === undefined || blobs === undefined || blobs === 0) return undefined
  return { value: Math.min(blobs, checked + wrong + missing), max: blobs } as const
}
