import type { BatchRequest, MirrorRequest } from "@entrepot/client"
import { formatFamiliar, registryHost, TransferError } from "@entrepot/core"
import type { Context } from "../context.ts"
import { type ExitCode, exitCodes } from "../exit-code.ts"
import type { ServerAddress } from "../options/server-options.ts"
import type { Job, ServerDesk } from "../run/desk.ts"
import { followJobs, jobsAtOnce } from "../run/follow-jobs.ts"
import { jobTasksOf } from "../run/job-tasks.ts"
import { type Logins, readLogins } from "../run/logins.ts"
import { runAndReport } from "../run/run-and-report.ts"
import { serverDesk } from "../run/server-desk.ts"
import type { MirrorOptions } from "./mirror.ts"
import { type MirrorPair, readWishes, targetBaseOf } from "./mirror-tasks.ts"

/** Options that say how this machine copies: a server has settings of its own for that. */
const ofThisMachine = {
  limitRate: "--limit-rate",
  maxConcurrent: "--max-concurrent",
  retryAttempts: "--retry-attempts",
  ca: "--ca",
  cert: "--cert",
  key: "--key",
  cacheDir: "--cache-dir",
  dryRun: "--dry-run",
  allTags: "--all-tags",
  tags: "--tags",
} as const satisfies Partial<Record<keyof MirrorOptions, string>>

/** Brings images to the target by a server's hands, shown as if it were done here. */
export async function mirrorAtServer(
  images: readonly string[],
  options: MirrorOptions,
  address: ServerAddress,
  context: Context,
): Promise<ExitCode> {
  refuseOptionsOfThisMachine(options)
  const { stdout, stderr, say } = context
  await using desk = serverDesk(address, context)
  const saved = await savedTarget(options, desk, context)
  const base = saved === undefined ? targetBaseOf(options, context) : undefined
  const wishes = await readWishes(images, options, base, context)
  const logins = await readLogins(options, context)
  const request = { ...requestOptions(options, wishes, context), ...targetOf(options, saved, logins.target, context) }
  const job = await start(desk, wishes, { ...request, ...(logins.source === undefined ? {} : { sourceLogin: logins.source }) })
  if (options.detach) {
    stdout.write(`${job.id}\n`)
    const follow = `${context.environment.executable} job ${job.id} --follow --server ${address.url}`
    stderr.write(
      `${say(`job ${job.id} runs at ${address.url}; look at it with: ${follow}`, `任务 ${job.id} 已在 ${address.url} 运行，查看：${follow}`)}\n`,
    )
    return exitCodes.ok
  }
  const jobs = followJobs(desk, { onInterrupt: { cancel: job.id }, logins }, context)
  return await runAndReport(await jobTasksOf(job, desk), jobs.carry, jobs, options, context, {
    concurrency: jobsAtOnce,
    interrupted: say(
      `stopping job ${job.id} at the server … (Ctrl-C again to leave at once)`,
      `正在停止服务端的任务 ${job.id}…（再按一次 Ctrl-C 立即退出）`,
    ),
  })
}

function refuseOptionsOfThisMachine(options: MirrorOptions): void {
  const given = Object.entries(ofThisMachine).filter(([name]) => options[name as keyof MirrorOptions] !== undefined)
  if (given.length === 0) return
  const names = given.map(([, option]) => option).join(", ")
  throw new TransferError("usage", `a server does not take ${names}: that is decided there, or is for copies of this machine`, {
    hint: "leave them away, or copy from here with --no-server",
  })
}

/** A target of the server that has this name. Only a bare word can be one, so that an address costs no question. */
async function savedTarget(options: MirrorOptions, desk: ServerDesk, { environment }: Context): Promise<number | undefined> {
  const name = (options.to ?? environment.mirrorTarget)?.trim()
  if (name === undefined || /[.:/]/.test(name) || name === "localhost") return undefined
  const targets = await desk.targets.list()
  const [found, ...more] = targets.filter((target) => target.name === name)
  if (more.length > 0) throw new TransferError("usage", `the server has ${more.length + 1} targets of the name ${name}`)
  if (found !== undefined) return found.id
  const known = targets.map((target) => target.name).slice(0, 10)
  throw new TransferError("usage", `the server has no target of the name ${name}`, {
    hint: known.length === 0 ? "write it as HOST[/PROJECT], or save it with: entrepot targets add" : `it has ${known.join(", ")}`,
  })
}

function targetOf(
  options: MirrorOptions,
  saved: number | undefined,
  login: Logins["target"],
  { environment }: Context,
): Pick<MirrorRequest, "target"> {
  if (saved !== undefined && login !== undefined) {
    throw new TransferError("usage", "a saved target has a login of its own", { hint: "leave the login away here" })
  }
  if (saved !== undefined) return { target: { targetId: saved } }
  const address = options.to ?? environment.mirrorTarget
  if (address === undefined && login === undefined) return {}
  if (address === undefined) {
    throw new TransferError("usage", "a login was given for a target that is not named", { hint: "name it with --to" })
  }
  const host =
    address
      .trim()
      .replace(/^https?:\/\//, "")
      .split("/")[0] ?? ""
  return {
    target: {
      address,
      ...(login === undefined ? {} : login),
      ...(options.plainHttp?.includes(host) ? { plainHttp: true } : {}),
      ...(options.tlsVerify === false ? { tlsVerify: false } : {}),
    },
  }
}

function requestOptions(
  options: MirrorOptions,
  wishes: readonly MirrorPair[],
  { environment }: Context,
): Omit<BatchRequest, "images"> {
  const { engine, referrers, platform, forceUpload } = options
  const naming = options.naming ?? environment.naming
  const sources = new Set(wishes.map(({ source }) => registryHost({ registry: source.registry })))
  return {
    engine,
    ...(naming === undefined ? {} : { naming }),
    ...(platform === undefined || platform === "all" ? {} : { platforms: platform.split(",").map((word) => word.trim()) }),
    ...(referrers === undefined ? {} : { referrers }),
    ...(forceUpload === undefined ? {} : { forceUpload }),
    ...(options.plainHttp?.some((host) => sources.has(host)) ? { sourcePlainHttp: true } : {}),
  }
}

/** One image is a job; several are a batch, which succeeds or fails as a whole and can be retried as one. */
async function start(desk: ServerDesk, wishes: readonly MirrorPair[], request: Omit<BatchRequest, "images">): Promise<Job> {
  const images = wishes.map(({ source, target }) => ({
    image: formatFamiliar(source),
    ...(target === undefined ? {} : { targetImage: formatFamiliar(target) }),
  }))
  const [only] = images
  return images.length === 1 && only !== undefined
    ? await desk.start({ ...request, ...only })
    : await desk.startBatch({ ...request, images })
}
