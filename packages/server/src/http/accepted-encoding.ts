/** Content codings that answers of ours come in, the smallest first. */
export type Encoding = "br" | "gzip" | "identity"

/**
 * The coding to answer in: of those `available` the one that an Accept-Encoding header likes best, the first of equals (RFC 9110 section 12.5.3).
 * Identity where it takes none of them: an answer that can be read is better than none.
 */
export function acceptedEncoding(header: string | undefined, available: readonly Encoding[]): Encoding {
  const weights = weightsOf(header ?? "")
  // Identity is taken also by those who do not name it, but liked less than what they name.
  const fallback = (coding: Encoding) => weights.get("*") ?? (coding === "identity" ? 0.0001 : 0)
  let best: { readonly coding: Encoding; readonly weight: number } | undefined
  for (const coding of available) {
    const weight = weights.get(coding) ?? fallback(coding)
    if (weight > (best?.weight ?? 0)) best = { coding, weight }
  }
  return best?.coding ?? "identity"
}

function weightsOf(header: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>()
  for (const part of header.slice(0, 1024).split(",")) {
    const [name = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith("q="))
    const weight = quality === undefined ? 1 : Number(quality.slice(2))
    if (name !== "" && weight >= 0) weights.set(name === "x-gzip" ? "gzip" : name, weight)
  }
  return weights
}
