import { readFile } from "node:fs/promises"
import {
  cacheLocation,
  formatFamiliar,
  formatLocation,
  isTransferError,
  type NamingRule,
  nameTarget,
  parseNamingRule,
  parsePasted,
  parseReference,
  parseTargetBase,
  type Reference,
  refuseCollisions,
  type TargetBase,
  TransferError,
} from "@entrepot/core"
import type { Context } from "../context.ts"
import type { ConnectionOptions } from "../options/connection-options.ts"
import type { ListedImage } from "../options/parse-image-list.ts"

/** What `mirror` was asked to bring where; the tags of a repository are not yet known. */
export interface MirrorWish {
  readonly source: Reference
  /** Undefined: the naming rule decides. */
  readonly target: Reference | undefined
}

export interface WishOptions extends Pick<ConnectionOptions, "passwordStdin" | "sourcePasswordStdin"> {
  readonly file?: string
  readonly to?: string
  readonly as?: string
  readonly naming?: string
  readonly allTags?: true
  readonly tags?: string
}

/** One image, with the place it goes to. */
export interface MirrorPair {
  readonly source: Reference
  /** Undefined: the local cache. */
  readonly target: Reference | undefined
}

/** Where unnamed targets go, as it was said; undefined where it was not. @throws TransferError `usage`, `reference_invalid`. */
export function targetBaseOf(options: WishOptions, { environment }: Context): TargetBase | undefined {
  const text = options.to ?? environment.mirrorTarget
  return text === undefined ? undefined : parseTargetBase(text)
}

/** Reads the images of the arguments and of the list. @throws TransferError `usage`, `reference_invalid`, `local_io`. */
export async function readWishes(
  images: readonly string[],
  options: WishOptions,
  base: TargetBase | undefined,
  context: Context,
): Promise<MirrorWish[]> {
  if (options.file === "-" && (options.passwordStdin || options.sourcePasswordStdin)) {
    throw new TransferError("usage", "standard input cannot be both the list and a password", {
      hint: "put the password into ENTREPOT_PASSWORD, or the list into a file",
    })
  }
  const listed = options.file === undefined ? [] : await listedIn(options.file, context)
  const wishes = [...images.map((image): Listed => ({ image })), ...listed]
  if (wishes.length === 0) {
    throw new TransferError(
      "usage",
      options.file === undefined ? "there is no image to mirror" : `${options.file} names no image`,
      {
        hint: "name one, as in: entrepot mirror nginx --to harbor.example.com/proxy",
      },
    )
  }
  if (options.as !== undefined && (wishes.length > 1 || options.allTags || options.tags !== undefined)) {
    throw new TransferError("usage", "--as names the target of one image, and there are several", {
      hint: "use --naming, or a list with IMAGE -> TARGET",
    })
  }
  return wishes.map(({ image, target, line }) => {
    const source = line === undefined ? parsePasted(image) : atLine(`${options.file}, line ${line}`, () => parsePasted(image))
    if ((options.allTags || options.tags !== undefined) && (source.digest !== undefined || source.tag !== "latest")) {
      throw new TransferError(
        "usage",
        `${formatFamiliar(source)} is one image, and --all-tags and --tags choose among all of a repository`,
        {
          hint: "leave the tag away",
        },
      )
    }
    return {
      source,
      target: target !== undefined ? parseTarget(target) : options.as === undefined ? undefined : targetNamed(options.as, base),
    }
  })
}

async function listedIn(file: string, context: Context): Promise<readonly ListedImage[]> {
  const text = await readList(file, context)
  // It brings a YAML parser along, which takes time to load.
  const { parseImageList } = await import("../options/parse-image-list.ts")
  return parseImageList(text, file)
}

type Listed = Omit<ListedImage, "line"> & Partial<Pick<ListedImage, "line">>

/** What `parse` returns; where it throws, the error names the place. */
function atLine<T>(place: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (!isTransferError(error)) throw error
    throw new TransferError(error.code, `${place}: ${error.message}`, { hint: error.hint })
  }
}

/** The pairs with their targets filled in, without repetition. @throws TransferError `naming_collision` before anything moves. */
export function nameTargets(
  pairs: readonly MirrorPair[],
  base: TargetBase | undefined,
  naming: string | undefined,
): MirrorPair[] {
  const rule: NamingRule = parseNamingRule(naming ?? "default")
  const named = new Map<string, MirrorPair>()
  for (const { source, target } of pairs) {
    const pair = { source, target: target ?? (base === undefined ? undefined : nameTarget(source, base, rule)) }
    named.set(`${formatFamiliar(source)} ${placeOf(pair)}`, pair)
  }
  const all = [...named.values()]
  refuseCollisions(all.flatMap(({ source, target }) => (target === undefined ? [] : [{ source, target }])))
  return all
}

/** The transport string of a pair's target. */
export function placeOf({ source, target }: MirrorPair): string {
  return formatLocation(target === undefined ? cacheLocation(source) : { transport: "docker", reference: target })
}

/** `--as`: below the target of `--to`, or a whole reference. */
function targetNamed(text: string, base: TargetBase | undefined): Reference {
  if (base === undefined || text.startsWith(`${base.host}/`)) return parseTarget(text)
  const { project } = base
  return parseTarget(`${base.host}/${project === undefined ? "" : `${project}/`}${text}`)
}

function parseTarget(text: string): Reference {
  const target = parseReference(text)
  if (target.digest === undefined) return target
  throw new TransferError("usage", `the target ${text} has a digest, and a digest cannot be chosen`, {
    hint: "give it a tag instead",
  })
}

async function readList(file: string, context: Context): Promise<string> {
  if (file === "-") return context.readInput()
  try {
    return await readFile(file, "utf8")
  } catch (error) {
    throw new TransferError("local_io", `the list ${file} cannot be read`, {
      side: "local",
      host: file,
      hint: "check the path",
      cause: error,
    })
  }
}
