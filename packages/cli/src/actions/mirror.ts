import {
  type CopyRequest,
  formatFamiliar,
  formatLocation,
  formatPlatform,
  hasTags,
  openSource,
  parseLocation,
  type Reference,
  type StoreContext,
  type TargetBase,
  TransferError,
} from "@entrepot/core"
import type { Context } from "../context.ts"
import type { ExitCode } from "../exit-code.ts"
import type { ConnectionOptions } from "../options/connection-options.ts"
import type { OutputOptions } from "../options/output-options.ts"
import { requestOptions } from "../options/request-options.ts"
import { selectTags } from "../options/select-tags.ts"
import { type ServerOptions, serverOf } from "../options/server-options.ts"
import type { TransferOptions } from "../options/transfer-options.ts"
import { dryRun } from "../run/dry-run.ts"
import { type Logins, readLogins } from "../run/logins.ts"
import type { RecordedRequest } from "../run/recorder-messages.ts"
import type { Recording, RecordingOptions } from "../run/recording.ts"
import { runAndReport } from "../run/run-and-report.ts"
import { type CopyTask, copyBy } from "../run/run-transfers.ts"
import { type EngineName, type NamedRegistry, openSession, type Session } from "../run/session.ts"
import {
  type MirrorPair,
  type MirrorWish,
  nameTargets,
  placeOf,
  readWishes,
  targetBaseOf,
  type WishOptions,
} from "./mirror-tasks.ts"

export interface MirrorOptions
  extends WishOptions,
    OutputOptions,
    ConnectionOptions,
    TransferOptions,
    ServerOptions,
    RecordingOptions {
  readonly engine: EngineName
  readonly dryRun?: true
  /** At a server: start, and leave. */
  readonly detach?: true
}

const tagsAtOnce = 8

/** Brings images to the target; where there is none into the registry of this machine, or into a cache directory that is named. */
export async function mirror(
  images: readonly string[],
  options: MirrorOptions,
  recording: Recording,
  context: Context,
): Promise<ExitCode> {
  const { environment } = context
  if (options.engine === "docker" && (options.limitRate !== undefined || options.referrers)) {
    throw new TransferError("usage", "the Docker engine knows neither --limit-rate nor --referrers", {
      hint: "leave them away, or use --engine direct",
    })
  }
  const server = serverOf(options, context)
  if (server !== undefined) return await (await import("./mirror-at-server.ts")).mirrorAtServer(images, options, server, context)
  if (options.detach) {
    throw new TransferError("usage", "--detach is for a server, which goes on when this command has ended", {
      hint: "add --server URL",
    })
  }
  const given = targetBaseOf(options, context)
  const wishes = await readWishes(images, options, given, context)
  const logins = await readLogins(options, context)
  const registries = registriesOf(wishes, given, logins, options, context)
  await using here = await registryFor(wishes, given, options, context)
  const base = given ?? here.base
  await using session = await openSession(registries, options, context, here.openOwn)
  const manyTags = options.allTags === true || options.tags !== undefined
  const pairs = manyTags ? await withTags(wishes, options.tags, session, context) : wishes
  const named = nameTargets(pairs, base, options.naming ?? environment.naming)
  const engine = await session.engine(options.engine)
  const tasks = named.map((pair, index) => taskOf(pair, index, named.length, options, manyTags))
  if (options.dryRun) return await dryRun(tasks, engine, session, options, context)
  const carry = recording.record(copyBy(engine), ({ request }) => recordedRequest(request, options))
  return await runAndReport(tasks, carry, session, options, context, {
    concurrency: manyTags ? tagsAtOnce : 1,
    ...(here.remark === undefined ? {} : { remark: here.remark }),
    next: () =>
      sendOn(
        named.filter(({ target }) => target === undefined),
        options,
        context,
      ),
  })
}

/** Where images go that nobody said a target for. */
interface UsualPlace extends AsyncDisposable {
  /** Undefined: the cache directory. */
  readonly base: TargetBase | undefined
  readonly openOwn?: NonNullable<StoreContext["openOwn"]>
  /** What keeps its images from being pulled now. */
  readonly remark?: () => Promise<string | undefined>
}

/** Opens the registry of this machine where it is needed: no target is given, and no cache directory either. */
async function registryFor(
  wishes: readonly MirrorWish[],
  given: TargetBase | undefined,
  { cacheDir, engine }: MirrorOptions,
  context: Context,
): Promise<UsualPlace> {
  const cached = cacheDir ?? context.environment.cacheDirectory
  if (given !== undefined || cached !== undefined || engine === "docker" || wishes.every(({ target }) => target !== undefined)) {
    return { base: undefined, async [Symbol.asyncDispose]() {} }
  }
  const registry = await (await import("../run/local-registry.ts")).openRegistryHere(context)
  return {
    base: { host: registry.host, project: registry.project },
    openOwn: (reference) => registry.openTarget(reference),
    remark: async () => ((await registry.isServed()) ? undefined : notServed(registry.host, context)),
    [Symbol.asyncDispose]: () => registry.close(),
  }
}

function notServed(host: string, { say }: Context): string {
  return say(
    `Stored in the registry of this machine. Its server is not running: start it with pnpm start to pull from ${host}.`,
    `已存入本机自带的仓库。服务尚未运行：用 pnpm start 启动后，即可从 ${host} 拉取。`,
  )
}

/** How a copy was asked for, as the history keeps it. */
function recordedRequest(request: CopyRequest, { engine, plainHttp, tlsVerify, skipTls }: MirrorOptions): RecordedRequest {
  const { source, target, platforms, referrers, forceUpload, oneOfMany } = request
  const hosts = [source, target].map(parseLocation).flatMap((at) => (at.transport === "docker" ? [at.reference.registry] : []))
  return {
    source,
    target,
    engine,
    ...(platforms === undefined ? {} : { platforms: platforms.map(formatPlatform) }),
    ...(referrers === undefined ? {} : { referrers }),
    ...(forceUpload === undefined ? {} : { forceUpload }),
    ...(oneOfMany === undefined ? {} : { oneOfMany }),
    ...(plainHttp === undefined ? {} : { plainHttp }),
    ...(tlsVerify === false || skipTls ? { insecureTls: hosts } : {}),
  }
}

/** The registries of a run. @throws TransferError `usage` where it is not clear for which of several registries a login is meant. */
function registriesOf(
  wishes: readonly MirrorWish[],
  base: TargetBase | undefined,
  logins: Logins,
  options: WishOptions,
  { environment }: Context,
): NamedRegistry[] {
  const sources = new Set(wishes.map(({ source }) => source.registry))
  const named = new Set(wishes.flatMap(({ target }) => target?.registry ?? []))
  const hasTarget = base !== undefined || named.size > 0
  // Without any target the one login that was given can only be meant for the source.
  const sourceLogin = logins.source ?? (hasTarget ? undefined : logins.target)
  if (sourceLogin !== undefined && sources.size > 1) throw unclearLogin(sources)
  if (base === undefined && logins.target !== undefined && named.size > 1) throw unclearLogin(named)
  const plainHttp = (options.to ?? environment.mirrorTarget)?.trim().startsWith("http://") === true
  return [
    ...[...sources].map((registry) => ({ registry, login: sourceLogin })),
    ...[...named].map((registry) => ({ registry, login: base === undefined ? logins.target : undefined })),
    ...(base === undefined ? [] : [{ registry: base.host, login: logins.target, plainHttp }]),
  ]
}

function unclearLogin(registries: ReadonlySet<string>): TransferError {
  return new TransferError(
    "usage",
    `one login was given, and there are several registries: ${[...registries].slice(0, 5).join(", ")}`,
    {
      hint: "log in to each of them with entrepot login, and leave the login away here",
    },
  )
}

function taskOf(pair: MirrorPair, index: number, count: number, options: MirrorOptions, oneOfMany: boolean): CopyTask {
  const source = formatFamiliar(pair.source)
  const target = pair.target === undefined ? placeOf(pair) : formatFamiliar(pair.target)
  return {
    job: { index, count, source, target },
    request: {
      ...requestOptions(options),
      source: formatLocation({ transport: "docker", reference: pair.source }),
      target: placeOf(pair),
      ...(oneOfMany ? { oneOfMany } : {}),
    },
    result: target,
  }
}

/** Every wish once for each tag of its repository that the pattern matches. */
async function withTags(
  wishes: readonly MirrorWish[],
  pattern: string | undefined,
  session: Session,
  context: Context,
): Promise<MirrorPair[]> {
  const pairs: MirrorPair[] = []
  for (const { source, target } of wishes) {
    const tags = await listTags(source, session, context.signal)
    const selected = pattern === undefined ? tags : selectTags(tags, pattern)
    if (selected.length === 0) {
      throw new TransferError("not_found", `none of the ${tags.length} tags of ${source.repository} matches`, {
        side: "source",
        host: source.registry,
      })
    }
    for (const tag of selected)
      pairs.push({ source: { ...source, tag }, target: target === undefined ? undefined : { ...target, tag } })
  }
  return pairs
}

/** All tags of a repository. @throws TransferError `not_found`, `unsupported`. */
export async function listTags(reference: Reference, session: Session, signal: AbortSignal): Promise<readonly string[]> {
  const { store } = await openSource({ transport: "docker", reference }, session.stores)
  try {
    if (!hasTags(store))
      throw new TransferError("unsupported", `the tags of ${store.display} cannot be listed`, { side: "source" })
    const tags = await store.listTags(signal)
    if (tags !== undefined) return tags
    throw new TransferError("not_found", `${store.display} does not exist`, { side: "source", host: store.host })
  } finally {
    await store.close()
  }
}

/** How to send on what is in the cache now: commands to be run as they stand, but for the host. */
function sendOn(cached: readonly MirrorPair[], { cacheDir }: MirrorOptions, { say, environment }: Context): string | undefined {
  if (cached.length === 0) return undefined
  const directory = cacheDir ?? environment.cacheDirectory
  const commands = cached.slice(0, 5).map((pair) => {
    const target = formatFamiliar(nameTargets([pair], { host: "HOST" }, environment.naming)[0]?.target ?? pair.source)
    return `  ${environment.executable} copy ${placeOf(pair)} docker://${target}${directory === undefined ? "" : ` --cache-dir ${directory}`}`
  })
  const more = cached.length - commands.length
  return [
    say("In the local cache. Send it on, with your registry for HOST:", "已存入本地缓存。推送到您的仓库（请替换 HOST）："),
    ...commands,
    ...(more > 0 ? [say(`  and so on for ${more} more`, `  其余 ${more} 个同理`)] : []),
  ].join("\n")
}
