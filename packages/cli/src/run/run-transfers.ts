import type { CopyRequest, Engine, OutcomeEvent } from "@entrepot/core"
import type { Job, Renderer } from "../renderers/renderer.ts"

/** One transfer of a run. */
export interface Task {
  readonly job: Job
  readonly request: CopyRequest
  /** What a person hands to `docker pull`, or to another command, to get the image from where it is now. */
  readonly result: string
}

export interface TaskResult {
  readonly task: Task
  /** Undefined when its turn never came. */
  readonly outcome: OutcomeEvent | undefined
}

export interface RunOptions {
  /** Transfers at once. */
  readonly concurrency: number
  readonly signal: AbortSignal
}

/**
 * Carries out all tasks in their order; one that fails does not stop the others, an abort does. Results come in the order of the tasks, and
 * `onResult` hears of each as soon as it has ended.
 */
export async function runTransfers(
  tasks: readonly Task[],
  engine: Engine,
  renderer: Renderer,
  { concurrency, signal }: RunOptions,
  onResult: (result: TaskResult) => void = () => {},
): Promise<readonly TaskResult[]> {
  const results: TaskResult[] = tasks.map((task) => ({ task, outcome: undefined }))
  const waiting = [...tasks.entries()]
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
      const [i, task] = next
      const result = { task, outcome: await runOne(task, engine, renderer, signal) }
      results[i] = result
      onResult(result)
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, tasks.length) }, work))
  return results
}

async function runOne({ job, request }: Task, engine: Engine, renderer: Renderer, signal: AbortSignal): Promise<OutcomeEvent> {
  const events = engine.copy({ ...request, signal })
  for (;;) {
    const { done, value } = await events.next()
    if (!done) renderer.event(job, value)
    else return value
  }
}
