/** How long a choice is remembered, seconds. */
const yearSeconds = 365 * 24 * 60 * 60

/** Remembers a choice for this browser. The server reads these two cookies alone when it makes a page, so that nothing flickers. */
export function savePreference(name: "locale" | "theme", value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing over plain HTTP
  document.cookie = `entrepot_${name}=${encodeURIComponent(value)}; Path=/; Max-Age=${yearSeconds}; SameSite=Lax`
}
