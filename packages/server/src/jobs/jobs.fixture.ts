import type { Job, JobState } from "@entrepot/db/stores"
import { image, type TestImage, type TestRegistry, type TestRegistryOptions, testRegistry } from "@entrepot/testing"
import { onTestFinished } from "vitest"
import type { Actor } from "../accounts/actor.ts"
import { soon } from "../runtime/runtime.fixture.ts"
import type { Runtime } from "../runtime/runtime.ts"
import type { FollowedEvent, MirrorRequest } from "./job-service.ts"

/** A registry that goes with the test. */
export async function registry(options: TestRegistryOptions = {}): Promise<TestRegistry> {
  const started = await testRegistry(options)
  onTestFinished(() => started.close())
  return started
}

export function smallImage(seed: string): TestImage {
  return image({ seed, layers: [{ sizeBytes: 20_000 }] })
}

/** `team/app-0:1` and so on, each with bytes of its own. */
export function smallImages(count: number): Record<string, TestImage> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`team/app-${i}:1`, smallImage(`small ${i}`)]))
}

export function request(
  source: TestRegistry,
  target: TestRegistry,
  name: string,
  more: Partial<MirrorRequest> = {},
): MirrorRequest {
  return {
    image: `${source.host}/${name}`,
    target: { address: target.host },
    targetImage: `${target.host}/mirror/${name}`,
    ...more,
  }
}

/** The job, once it is in that state. */
export async function reached({ database }: Pick<Runtime, "database">, id: number, state: JobState): Promise<Job> {
  const until = performance.now() + 10_000
  for (;;) {
    const changed = changeOf(database, 500)
    const job = await database.jobs.get(id)
    if (job?.state === state) return job
    if (performance.now() > until) throw new Error(`job ${id} is ${job?.state}, not ${state}: ${JSON.stringify(job?.failure)}`)
    await changed
  }
}

/** Resolves when something has changed, or has not for so long. */
function changeOf(database: Runtime["database"], withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      stop()
      resolve()
    }
    const timer = setTimeout(end, withinMs)
    const stop = database.onChange(end)
  })
}

/** Everything that a follower is handed until the job has ended. */
export async function followed(
  { services }: Pick<Runtime, "services">,
  actor: Actor,
  id: number,
  after = 0,
): Promise<FollowedEvent[]> {
  const seen: FollowedEvent[] = []
  for await (const event of services.jobs.follow(actor, id, { after, signal: soon() })) seen.push(event)
  return seen
}

export function statesOf(events: readonly Pick<FollowedEvent, "event">[]): JobState[] {
  return events.flatMap(({ event }) => (event.type === "state" ? [event.state] : []))
}
