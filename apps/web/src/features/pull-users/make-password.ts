/** Letters and digits that nobody takes for one another. */
const alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"

/** A password of 24 characters (139 bits) from the browser's own source of randomness. */
export function makePassword(length = 24): string {
  const drawn: string[] = []
  while (drawn.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length * 2))) {
      // Every character is as likely as the others: what is left of 256 is drawn again.
      const character = byte < 256 - (256 % alphabet.length) ? alphabet.charAt(byte % alphabet.length) : ""
      if (character !== "" && drawn.length < length) drawn.push(character)
    }
  }
  return drawn.join("")
}
