import type { Delivery } from "@entrepot/client"
import type { Tone } from "../../../components/ui/badge.tsx"

const tones = { delivered: "success", failed: "danger", pending: "warning" } as const satisfies Record<Delivery["state"], Tone>

/** What the state looks like; words say it. */
export function deliveryTone(state: Delivery["state"]): Tone {
  return tones[state]
}

const errorCodes = [
  "network",
  "timeout",
  "tls",
  "proxy",
  "blocked",
  "status",
  "answer",
  "refused",
  "pressed",
  "sealed",
  "disabled",
  "internal",
] as const

/** What a delivery's error begins with, where it has words of its own among those of the pages. */
export function errorCode(error: string): (typeof errorCodes)[number] | undefined {
  return errorCodes.find((code) => error.startsWith(`${code}: `))
}

/** A body as people read it; what is no JSON is shown as it was sent. */
export function readableBody(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
