import { formatFamiliar, imageNameOf, namespaceOf, parsePasted } from "@entrepot/core/reference"
import type { Context } from "../context.ts"
import { type ExitCode, exitCodes } from "../exit-code.ts"
import { jsonText } from "../renderers/json-text.ts"
import { padEnd } from "../renderers/text-width.ts"

export interface ParseOptions {
  readonly json?: true
}

/** Prints the parts of an image name; as JSON with the field names of the HTTP interface. @throws TransferError `reference_invalid`. */
export function parse(image: string, options: ParseOptions, { stdout, say }: Context): ExitCode {
  const reference = parsePasted(image)
  const parsed = {
    parsed_image: formatFamiliar(reference),
    registry: reference.registry,
    namespace: namespaceOf(reference),
    repository: imageNameOf(reference),
    tag: reference.tag ?? "",
    ...(reference.digest === undefined ? {} : { digest: reference.digest }),
  }
  if (options.json) {
    stdout.write(jsonText(parsed))
    return exitCodes.ok
  }
  const rows = [
    [say("image", "镜像"), parsed.parsed_image],
    [say("registry", "仓库地址"), parsed.registry],
    [say("namespace", "命名空间"), parsed.namespace],
    [say("repository", "镜像名"), parsed.repository],
    [say("tag", "标签"), parsed.tag],
    [say("digest", "摘要"), reference.digest ?? ""],
  ] as const
  for (const [name, value] of rows) if (value !== "") stdout.write(`${padEnd(name, 12)}${value}\n`)
  return exitCodes.ok
}
