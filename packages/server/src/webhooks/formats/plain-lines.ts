import type { Notice } from "../notice.ts"

/**
 * A notice for a chat that shows plain text, and makes links of addresses and mentions of names behind an @ by itself: in foreign text both are
 * written so that they stay text. The @ of a digest stays, since nobody is called sha256:….
 */
export function plainLines({ title, sentence, lines, link, colon }: Notice): string {
  return [
    title,
    ...(sentence === undefined ? [] : [sentence]),
    ...lines.map(({ label, value }) => `${label}${colon}${inert(value)}`),
    ...(link === undefined ? [] : [`${link.label}${colon}${link.url}`]),
  ].join("\n")
}

/** Foreign text that a chat makes neither a link nor a mention of. */
export function inert(text: string): string {
  return text.replace(/@(?!sha(?:256|512):[0-9a-f])/g, "＠").replace(/:\/\//g, "：//")
}
