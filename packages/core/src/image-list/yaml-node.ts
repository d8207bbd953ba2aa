import { Composer, type CST, isAlias, isMap, isScalar, isSeq, LineCounter, Parser, type Range } from "yaml"
import { redact } from "../errors/redact.ts"

/** YAML as it is walked here: every scalar is the text that it was written as (a tag 1.20 is no number), aliases and merge keys are followed. */
export type YamlNode = YamlText | YamlList | YamlMap

export interface YamlText {
  readonly kind: "text"
  readonly text: string
  /** From 1. */
  readonly line: number
}

export interface YamlList {
  readonly kind: "list"
  readonly items: readonly YamlNode[]
}

export interface YamlMap {
  readonly kind: "map"
  /** Its own first, then what merge keys bring. A key may stand there twice. */
  readonly entries: readonly YamlEntry[]
}

export interface YamlEntry {
  readonly key: string
  readonly value: YamlNode
}

/** One document of a stream, or the lines of one that is broken, with the first thing that is wrong with it. */
export type YamlDocument =
  | { readonly root: YamlNode }
  | { readonly firstLine: number; readonly lastLine: number; readonly problem: string; readonly problemLine: number }

const deepest = 200
const tooDeep = `it is nested more than ${deepest} deep`
/** Entries that merge keys may bring into maps, together. */
const mostMerged = 50_000

/** Reads all documents of a text. Linear, whatever stands there: nothing is unfolded, and keys are not compared. */
export function readYaml(text: string): readonly YamlDocument[] {
  const lineCounter = new LineCounter()
  const lineAt = (offset: number) => Math.max(1, lineCounter.linePos(offset).line)
  const tokens = [...new Parser(lineCounter.addNewLine).parse(text)]
  // The composer calls itself for every level, and a stack that is used up takes the process along.
  if (tokens.some(isTooDeep)) {
    return [{ firstLine: 1, lastLine: lineAt(text.length), problem: tooDeep, problemLine: 1 }]
  }
  const composer = new Composer({ schema: "failsafe", prettyErrors: false, uniqueKeys: false, logLevel: "silent" })
  return [...composer.compose(tokens)].map(({ contents, errors: [error], range }): YamlDocument => {
    const broken = (problem: string, offset: number): YamlDocument => ({
      firstLine: lineAt(range[0]),
      lastLine: lineAt(range[2]),
      problem,
      problemLine: lineAt(offset),
    })
    if (error !== undefined) return broken(redact(error.message.slice(0, 200)), error.pos[0])
    try {
      return { root: new Converter(lineAt).convert(contents) }
    } catch (refusal) {
      if (refusal instanceof YamlRefusal) return broken(refusal.message, range[0])
      throw refusal
    }
  })
}

class YamlRefusal extends Error {}

function isTooDeep(root: CST.Token): boolean {
  const open: { readonly token: CST.Token | null | undefined; readonly depth: number }[] = [{ token: root, depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next
    if (depth > deepest) return true
    if (token?.type === "document") open.push({ token: token.value, depth })
    if (token?.type !== "block-map" && token?.type !== "block-seq" && token?.type !== "flow-collection") continue
    for (const { key, value } of token.items) open.push({ token: key, depth: depth + 1 }, { token: value, depth: depth + 1 })
  }
  return false
}

/** From the parser's nodes to ours. An alias is the very node that it stands for, so that converting is linear. */
class Converter {
  readonly #lineAt: (offset: number) => number
  readonly #anchors = new Map<string, YamlNode>()
  #merged = 0

  constructor(lineAt: (offset: number) => number) {
    this.#lineAt = lineAt
  }

  /** @throws YamlRefusal for what is merged too often. */
  convert(node: unknown): YamlNode {
    // An alias inside its own anchor finds nothing yet: there are no circles.
    if (isAlias(node)) return this.#anchors.get(node.source) ?? emptyAt(1)
    const converted = this.#convertNew(node)
    if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined) this.#anchors.set(node.anchor, converted)
    return converted
  }

  #convertNew(node: unknown): YamlNode {
    if (isSeq(node)) return { kind: "list", items: node.items.map((item) => this.convert(item)) }
    if (isMap(node)) {
      const own = node.items.map(({ key, value }) => ({ key: textOf(key), value: this.convert(value) }))
      return { kind: "map", entries: this.#merge(own) }
    }
    return { kind: "text", text: textOf(node), line: this.#lineAt(startOf(node)) }
  }

  /** YAML 1.1's `<<`: a map, or a list of maps of which the first counts; what stands there itself goes before. */
  #merge(own: readonly YamlEntry[]): readonly YamlEntry[] {
    const merges = own.filter(({ key }) => key === "<<")
    if (merges.length === 0) return own
    const entries = own.filter(({ key }) => key !== "<<")
    const known = new Set(entries.map(({ key }) => key))
    for (const { value } of merges) {
      for (const source of value.kind === "list" ? value.items : [value]) {
        if (source.kind !== "map") continue
        this.#merged += source.entries.length
        if (this.#merged > mostMerged) throw new YamlRefusal("its merge keys unfold to too much")
        for (const entry of source.entries) {
          if (known.has(entry.key)) continue
          known.add(entry.key)
          entries.push(entry)
        }
      }
    }
    return entries
  }
}

function emptyAt(line: number): YamlText {
  return { kind: "text", text: "", line }
}

function textOf(node: unknown): string {
  if (!isScalar(node)) return ""
  return typeof node.value === "string" ? node.value : (node.source ?? "")
}

function startOf(node: unknown): number {
  const range: Range | null | undefined = isScalar(node) ? node.range : undefined
  return range?.[0] ?? 0
}

/** What a map has under a key; the last one counts where it stands there twice. */
export function fieldOf(map: YamlMap, key: string): YamlNode | undefined {
  return map.entries.findLast((entry) => entry.key === key)?.value
}

/** The text that a map has under a key; undefined for none, for an empty one, and for anything but text. */
export function textAt(map: YamlMap, key: string): YamlText | undefined {
  const value = fieldOf(map, key)
  return value?.kind === "text" && value.text.trim() !== "" ? value : undefined
}
