import type { Delivery } from "@entrepot/client"
import type { Tone } from "../../../components/ui/badge.tsx"

const tones = { delivered: "success", failed: "danger", pending: "warning" } as const satisfies Record<Delivery["state"], Tone>

/** What the state looks like; words say it. */
export function deliveryTone(state: Delivery["state"]): Tone {
  return tones[state]
}

/** A body as people read it; what is no JSON is shown as it was sent. */
export function readableBody(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
