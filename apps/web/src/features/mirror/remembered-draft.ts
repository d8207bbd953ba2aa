import type { MirrorDraft } from "./mirror-draft.ts"

type Remembered = Pick<
  MirrorDraft,
  "destination" | "address" | "plainHttp" | "tlsVerify" | "referrers" | "engine" | "forceUpload"
>

/** What is kept for the next time: where to and how. No login, and nothing about the image. */
export function writeRemembered(draft: MirrorDraft): string {
  const { destination, address, plainHttp, tlsVerify, referrers, engine, forceUpload } = draft
  const kept: Remembered = { destination, address: address.trim(), plainHttp, tlsVerify, referrers, engine, forceUpload }
  return JSON.stringify(kept)
}

/** Takes what still makes sense of a text that may be of any age and origin. */
export function readRemembered(text: string | null): Partial<Remembered> {
  const kept = parse(text)
  const { destination, address, engine } = kept
  const isPlace = destination === "typed" || (typeof destination === "number" && Number.isSafeInteger(destination))
  return {
    ...(isPlace ? { destination } : {}),
    ...(typeof address === "string" && address.length <= 1024 ? { address } : {}),
    ...(engine === "direct" || engine === "docker" ? { engine } : {}),
    ...flags(kept, ["plainHttp", "tlsVerify", "referrers", "forceUpload"]),
  }
}

function parse(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? "")
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function flags<Name extends string>(kept: Readonly<Record<string, unknown>>, names: readonly Name[]): { [N in Name]?: boolean } {
  return Object.fromEntries(names.filter((name) => typeof kept[name] === "boolean").map((name) => [name, kept[name]])) as {
    [N in Name]?: boolean
  }
}
