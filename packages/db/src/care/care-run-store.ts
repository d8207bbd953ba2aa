/** A look after the warehouse. */
export interface CareRun {
  readonly id: number
  readonly kind: "garbage" | "evict" | "scrub"
  /** Name of who asked for it; empty for the registry itself, by its timetable or for want of room. */
  readonly by: string
  readonly startedAt: number
  /** Null while it goes on, or where the process was killed meanwhile. */
  readonly endedAt: number | null
  /** Numbers of what it found and did, by name; JSON as the service writes it. */
  readonly findings: string
  /** Our own sentence. */
  readonly error: string | null
}

export interface CareRunStore {
  begin(run: Pick<CareRun, "kind" | "by">, at: number): Promise<number>
  /** What was found so far, or at last. */
  note(id: number, changes: Partial<Pick<CareRun, "findings" | "error" | "endedAt">>): Promise<void>
  /** The newest first. */
  list(limit: number): Promise<readonly CareRun[]>
  /** False: there was none. */
  remove(id: number): Promise<boolean>
  /** Keeps so many of the newest. */
  prune(keep: number): Promise<void>
}
