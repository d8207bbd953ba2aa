/** What an `Authorization` header holds. `unreadable`: another scheme, or no credentials in it. */
export type Authorization =
  | { readonly scheme: "none" }
  | { readonly scheme: "unreadable" }
  | { readonly scheme: "bearer"; readonly token: string }
  | { readonly scheme: "basic"; readonly username: string; readonly password: string }

const longestBasic = 4096
const base64 = /^[A-Za-z0-9+/]*={0,2}$/

/** Reads it (RFC 6750, RFC 7617). Two empty fields are how some clients say that they have nothing. */
export function parseAuthorization(header: string | undefined): Authorization {
  if (header === undefined || header === "") return { scheme: "none" }
  const space = header.indexOf(" ")
  const scheme = header.slice(0, space).toLowerCase()
  const value = header.slice(space + 1).trim()
  if (scheme === "bearer" && value !== "") return { scheme: "bearer", token: value }
  if (scheme !== "basic" || value.length > longestBasic || !base64.test(value)) return { scheme: "unreadable" }
  const plain = Buffer.from(value, "base64").toString("utf8")
  const colon = plain.indexOf(":")
  if (colon === -1) return { scheme: "unreadable" }
  if (plain === ":") return { scheme: "none" }
  return { scheme: "basic", username: plain.slice(0, colon), password: plain.slice(colon + 1) }
}
