import { TransferError } from "../errors/transfer-error.ts"
import { collectComposeImages, composeServices } from "./compose-images.ts"
import type { FindLimits, FoundImages } from "./found-images.ts"
import { ImageCollector } from "./image-collector.ts"
import { collectLine, collectListImages } from "./list-images.ts"
import { collectManifestImages } from "./manifest-images.ts"
import { readImageField } from "./read-image-field.ts"
import { readYaml, type YamlNode } from "./yaml-node.ts"

/** What a page takes. */
const usualLimits: FindLimits = { textLength: 1024 * 1024, images: 2000 }

/** What aliases may add to a walk that is no longer than the text. */
const spareSteps = 100_000

/**
 * Finds the images that a text names: a list, a compose file, or manifests of Kubernetes with what belongs to them (kustomize, Helm values). Throws
 * for no text whatever: what is wrong with an image or with the whole stands in the answer.
 */
export function findImages(text: string, limits: FindLimits = usualLimits): FoundImages {
  if (text.length > limits.textLength) {
    const problem = new TransferError("too_large", `the text is longer than ${limits.textLength} characters`, {
      hint: "split the list",
    })
    return { kind: "list", images: [], problem }
  }
  const plain = text.replace(/^\uFEFF/, " ").replace(/\r\n?/g, "\n")
  return (looksLikeYaml(plain) ? findInYaml(plain, limits) : undefined) ?? findInList(plain, limits)
}

/** A key with its colon at the end of a word, or the brackets of JSON. */
function looksLikeYaml(text: string): boolean {
  return /^\s*[[{]/.test(text) || /^[ \t]*(?:- +)*["']?[\w.$/-]+["']? ?:(?: |$)/m.test(text)
}

function findInList(text: string, { images: most }: FindLimits): FoundImages {
  const found = new ImageCollector(most)
  collectListImages(text, found)
  return answer("list", found)
}

/** Undefined for what is YAML by accident: a list after all. */
function findInYaml(text: string, { images: most }: FindLimits): FoundImages | undefined {
  const documents = readYaml(text)
  const found = new ImageCollector(most)
  let kind: FoundImages["kind"] = "kubernetes"
  let problem: TransferError | undefined
  for (const document of documents) {
    if (!("root" in document)) {
      problem ??= brokenYaml(document)
      if (collectImageLines(text, document, found)) kind = "compose"
      continue
    }
    const services = composeServices(document.root)
    if (services !== undefined) {
      kind = "compose"
      collectComposeImages(services, found)
    } else if (isListOfNames(document.root)) {
      for (const item of document.root.items) if (item.kind === "text") collectLine(item.text, item.line, found)
      if (documents.length === 1) return answer("list", found)
    } else if (!collectManifestImages(document.root, found, text.length + spareSteps)) {
      problem ??= new TransferError("too_large", "the YAML repeats itself too often to be read to its end", {
        hint: "split the list",
      })
    }
  }
  const isMeant =
    /^(?:apiVersion|kind|services)[ ]?:/m.test(text) ||
    documents.some((document) => "root" in document && hasDepth(document.root))
  if (found.images.length === 0 && !isMeant) return undefined
  return answer(kind, found, problem)
}

function brokenYaml({ problem, problemLine }: { readonly problem: string; readonly problemLine: number }): TransferError {
  return new TransferError("usage", `line ${problemLine}: this is not valid YAML: ${problem}`, {
    hint: "correct the YAML: only lines with `image:` were read of it",
  })
}

/** What can be had of a broken document: its lines with `image:`. True when it was meant as a compose file. */
function collectImageLines(
  text: string,
  { firstLine, lastLine }: { readonly firstLine: number; readonly lastLine: number },
  found: ImageCollector,
): boolean {
  const lines = text.split("\n").slice(firstLine - 1, lastLine)
  for (const [index, line] of lines.entries()) {
    const field = /^[ \t]*(?:- +)?["']?image["']?[ \t]*:[ \t]+(.*)$/.exec(line)?.[1]
    const image = field
      ?.replace(/[ \t]#.*$/, "")
      .trim()
      .replace(/^[&!]\S*\s+/, "")
      .replace(/,$/, "")
      .replace(/^(["'])(.*)\1$/, "$2")
    if (image === undefined || image === "" || /^[[|>*&!]|^\{(?!\{)/.test(image)) continue
    found.add({ text: image, line: firstLine + index, where: "", parse: () => readImageField(image) })
  }
  return lines.some((line) => /^services[ ]?:/.test(line))
}

function isListOfNames(root: YamlNode): root is Extract<YamlNode, { readonly kind: "list" }> {
  return root.kind === "list" && root.items.every((item) => item.kind === "text")
}

/** `nginx: 1.27` is a slip in a list; what has levels is no list. */
function hasDepth(root: YamlNode): boolean {
  if (root.kind === "text") return false
  const inside = root.kind === "list" ? root.items : root.entries.map(({ value }) => value)
  return inside.some(({ kind }) => kind !== "text")
}

function answer(
  kind: FoundImages["kind"],
  found: ImageCollector,
  problem: TransferError | undefined = found.problem,
): FoundImages {
  return { kind, images: found.images, ...(problem === undefined ? {} : { problem }) }
}
