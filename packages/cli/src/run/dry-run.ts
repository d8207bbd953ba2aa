import { type Descriptor, type Engine, openTarget, parseLocation, type TransferPlan } from "@entrepot/core"
import { formatBytes } from "@entrepot/core/progress"
import type { Context } from "../context.ts"
import { combineExitCodes, type ExitCode, exitCodes } from "../exit-code.ts"
import type { OutputOptions } from "../options/output-options.ts"
import { jsonText } from "../renderers/json-text.ts"
import { padEnd, printable } from "../renderers/text-width.ts"
import { reportError } from "../report-error.ts"
import type { CopyTask } from "./run-transfers.ts"
import type { Session } from "./session.ts"

/** What a transfer would do, found out without moving anything. */
export interface Forecast {
  readonly plan: TransferPlan
  readonly present: readonly Descriptor[]
  readonly missing: readonly Descriptor[]
  /** Roughly, at both ends together; a mount or a resumed upload changes it. */
  readonly requests: number
}

/** Prints the plan of every task on standard output; a task that cannot be planned is reported, and the others go on. */
export async function dryRun(
  tasks: readonly CopyTask[],
  engine: Engine,
  session: Session,
  output: OutputOptions,
  context: Context,
): Promise<ExitCode> {
  const { stdout, signal } = context
  const codes: ExitCode[] = []
  for (const task of tasks) {
    if (signal.aborted) codes.push(exitCodes.cancelled)
    else {
      try {
        const forecast = await forecastOf(task, engine, session, signal)
        stdout.write(output.json ? jsonText(forecastJson(task, forecast)) : forecastText(task, forecast, context))
        codes.push(exitCodes.ok)
      } catch (error) {
        codes.push(reportError(error, context))
      }
    }
  }
  return combineExitCodes(codes)
}

async function forecastOf({ request }: CopyTask, engine: Engine, session: Session, signal: AbortSignal): Promise<Forecast> {
  const plan = await engine.plan({ ...request, signal })
  const blobs = plan.unchanged ? [] : plan.blobs.filter((blob) => blob.skip === undefined).map(({ descriptor }) => descriptor)
  const { store } = await openTarget(parseLocation(request.target), session.stores)
  try {
    const isPresent = await Promise.all(blobs.map((blob) => request.forceUpload !== true && store.hasBlob(blob, signal)))
    const present = blobs.filter((_, i) => isPresent[i])
    const missing = blobs.filter((_, i) => !isPresent[i])
    const atSource = request.source.startsWith("docker://") ? missing.length : 0
    const atTarget = request.target.startsWith("docker://") ? blobs.length + missing.length * 2 + plan.manifests.length : 0
    return { plan, present, missing, requests: atSource + atTarget }
  } finally {
    await store.close()
  }
}

const sum = (blobs: readonly Descriptor[]) => blobs.reduce((bytes, { size }) => bytes + size, 0)

function forecastJson({ job }: CopyTask, { plan, present, missing, requests }: Forecast) {
  return {
    type: "forecast",
    image: job.source,
    to: job.target,
    digest: plan.root.digest,
    unchanged: plan.unchanged,
    digestChanges: plan.digestChanges,
    platforms: plan.platforms,
    manifests: plan.manifests.length,
    blobs: plan.blobs.map(({ descriptor: { digest, size, mediaType }, skip }) => ({
      digest,
      size,
      mediaType,
      action: skip ? "skip" : plan.unchanged || present.some((blob) => blob.digest === digest) ? "present" : "copy",
    })),
    bytesToMove: sum(missing),
    bytesPresent: sum(present),
    requests,
  }
}

function forecastText({ job }: CopyTask, { plan, present, missing, requests }: Forecast, { say }: Context): string {
  const of = (blobs: readonly Descriptor[]) =>
    say(`${blobs.length} blobs, ${formatBytes(sum(blobs))}`, `${blobs.length} 层，${formatBytes(sum(blobs))}`)
  const rows: (readonly [string, string])[] = [[say("digest", "摘要"), plan.root.digest]]
  if (plan.platforms.length > 0) rows.push([say("platforms", "平台"), plan.platforms.map(printable).join(", ")])
  if (plan.unchanged) {
    rows.push([say("to move", "待传输"), say("nothing: the target already has exactly this", "无：目标已有完全相同的镜像")])
  } else {
    rows.push(
      [say("manifests", "清单"), String(plan.manifests.length)],
      [say("there", "已存在"), of(present)],
      [say("to move", "待传输"), `${of(missing)}${say(`, about ${requests} requests`, `，约 ${requests} 个请求`)}`],
    )
  }
  if (plan.digestChanges) {
    rows.push([
      say("note", "注意"),
      say("the digest will change, since only some platforms are copied", "只复制部分平台，目标摘要会改变"),
    ])
  }
  return [`${job.source} -> ${job.target}`, ...rows.map(([name, value]) => `  ${padEnd(name, 10)} ${value}`), ""].join("\n")
}
