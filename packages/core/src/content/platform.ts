import { TransferError } from "../errors/transfer-error.ts"

/** image-spec, image-index.md "platform". */
export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
  readonly "os.version"?: string
}

const architectureAliases: Record<string, { architecture: string; variant?: string }> = {
  x86_64: { architecture: "amd64" },
  x64: { architecture: "amd64" },
  aarch64: { architecture: "arm64" },
  armhf: { architecture: "arm", variant: "v7" },
  armel: { architecture: "arm", variant: "v6" },
  i386: { architecture: "386" },
}

const architectures = new Set(["amd64", "arm64", "arm", "386", "ppc64le", "s390x", "riscv64", "mips64le", "loong64", "wasm"])

const part = /^[a-z0-9][a-z0-9._-]*$/

/**
 * `linux/arm64/v8`; an architecture alone, or with its variant (`arm64`, `arm/v7`), is meant on linux.
 * @throws TransferError `usage`.
 */
export function parsePlatform(text: string): Platform {
  const parts = text.trim().toLowerCase().split("/")
  const named = (name: string) => architectures.has(name) || name in architectureAliases
  const osIsMissing = parts.length < 3 && named(parts[0] ?? "")
  const [os = "", name, third] = osIsMissing || parts.length === 1 ? ["linux", ...parts] : parts
  if (name === undefined || parts.length > 3 || parts.some((p) => !part.test(p))) {
    throw new TransferError("usage", `"${text}" is not a platform`, {
      hint: "write os/architecture[/variant], for example linux/arm64",
    })
  }
  const alias = architectureAliases[name]
  const variant = third ?? alias?.variant
  return { os, architecture: alias?.architecture ?? name, ...(variant === undefined ? {} : { variant }) }
}

export function formatPlatform(platform: Platform): string {
  return [platform.os, platform.architecture, platform.variant].filter(Boolean).join("/")
}

/** Whether an index entry satisfies a wish. A wish without variant takes any; `arm64` and `arm64/v8` are the same machine. */
export function matchesPlatform(wish: Platform, entry: Platform): boolean {
  if (wish.os !== entry.os || wish.architecture !== entry.architecture) return false
  if (wish.variant === undefined) return true
  const entryVariant = entry.variant ?? (entry.architecture === "arm64" ? "v8" : undefined)
  return wish.variant === entryVariant
}
