import type { CopyRequest, Engine, OutcomeEvent, TransferEvent } from "@entrepot/core"
import type { Job, Renderer } from "../renderers/renderer.ts"

/** One transfer of a run. */
export interface Task {
  readonly job: Job
  /** What a person hands to `docker pull`, or to another command, to get the image from where it is now. */
  readonly result: string
}

/** A transfer that runs in this process. */
export interface CopyTask extends Task {
  readonly request: CopyRequest
}

/** The events of one task's transfer, wherever it runs. Failures and cancellation are its outcome, never a throw. */
export type Carry<T extends Task = Task> = (task: T, signal: AbortSignal) => AsyncGenerator<TransferEvent, OutcomeEvent>

/** Transfers by an engine of this process. */
export const copyBy =
  (engine: Engine): Carry<CopyTask> =>
  ({ request }, signal) =>
    engine.copy({ ...request, signal })

export interface TaskResult<T extends Task = Task> {
  readonly task: T
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
export async function runTransfers<T extends Task>(
  tasks: readonly T[],
  carry: Carry<T>,
  renderer: Renderer,
  { concurrency, signal }: RunOptions,
  onResult: (result: TaskResult<T>) => void = () => {},
): Promise<readonly TaskResult<T>[]> {
  const results: TaskResult<T>[] = tasks.map((task) => ({ task, outcome: undefined }))
  const waiting = [...tasks.entries()]
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
      const [i, task] = next
      const result = { task, outcome: await runOne(task, carry(task, signal), renderer) }
      results[i] = result
      onResult(result)
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, tasks.length) }, work))
  return results
}

async function runOne(
  { job }: Task,
  events: AsyncGenerator<TransferEvent, OutcomeEvent>,
  renderer: Renderer,
): Promise<OutcomeEvent> {
  for (;;) {
    const { done, value } = await events.next()
    if (!done) renderer.event(job, value)
    else return value
  }
}
