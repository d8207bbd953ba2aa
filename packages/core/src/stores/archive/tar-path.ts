/**
 * A name of a tar as a path inside the archive, without `.` and doubled slashes. Undefined for what leads outside, is empty, or has a NUL byte.
 */
export function normalizeTarPath(name: string): string | undefined {
  return name.startsWith("/") ? undefined : joinInside([], name)
}

/** Where a symbolic link at `path` leads to inside the archive. Undefined where it leads outside. */
export function findTarPath(path: string, target: string): string | undefined {
  return target.startsWith("/") ? undefined : joinInside(path.split("/").slice(0, -1), target)
}

function joinInside(base: readonly string[], name: string): string | undefined {
  if (name.includes("\0")) return undefined
  const parts = [...base]
  for (const part of name.split("/")) {
    if (part === "" || part === ".") continue
    if (part !== "..") parts.push(part)
    else if (base.length === 0 || parts.pop() === undefined) return undefined
  }
  return parts.length === 0 ? undefined : parts.join("/")
}
