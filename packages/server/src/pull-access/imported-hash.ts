/** Before the scrypt hash of an MD5 digest that was imported (RELIABILITY section 3): what is hashed is the digest's hexadecimal text. */
const mark = "md5+"

/** Says of a stored hash that it was made from an MD5 digest. */
export function wrapMd5(hash: string): string {
  return mark + hash
}

/** The scrypt hash itself, and what it was made from. */
export function unwrapHash(stored: string | undefined): { readonly hash: string | undefined; readonly isMd5: boolean } {
  return stored?.startsWith(mark) ? { hash: stored.slice(mark.length), isMd5: true } : { hash: stored, isMd5: false }
}
