import { isIPv4, isIPv6 } from "node:net"

/** The 4 or 16 bytes of an address literal (a zone is ignored), or undefined when it is none. */
export function addressBytes(address: string): readonly number[] | undefined {
  if (isIPv4(address)) return address.split(".").map(Number)
  const [literal = ""] = address.split("%")
  if (!isIPv6(literal)) return undefined
  const [left = "", right] = literal.split("::")
  const head = groups(left)
  const tail = right === undefined ? [] : groups(right)
  return [...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail]
}

function groups(text: string): number[] {
  if (text === "") return []
  return text.split(":").flatMap((group) => {
    if (group.includes(".")) return group.split(".").map(Number)
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 255]
  })
}

/** A range of addresses. */
export interface Cidr {
  readonly bytes: readonly number[]
  readonly bits: number
}

/** Reads `10.0.0.0/8` or a bare address; undefined when it is neither. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = "", prefix, extra] = text.split("/")
  const bytes = addressBytes(address)
  if (!bytes || extra !== undefined || (prefix !== undefined && !/^[0-9]{1,3}$/.test(prefix))) return undefined
  const bits = prefix === undefined ? bytes.length * 8 : Number(prefix)
  return bits <= bytes.length * 8 ? { bytes, bits } : undefined
}

/** Whether `bytes` lie in `range`; an IPv4 address is in no IPv6 range. */
export function inCidr(bytes: readonly number[], range: Cidr): boolean {
  if (bytes.length !== range.bytes.length) return false
  return range.bytes.every((want, index) => {
    const bits = Math.min(8, Math.max(0, range.bits - index * 8))
    const mask = (0xff << (8 - bits)) & 0xff
    return ((bytes[index] ?? 0) & mask) === (want & mask)
  })
}
