import type { RequestBody } from "../http.ts"

/** A request body that was needed a second time and cannot be read twice. */
export class BodySpent extends Error {
  override readonly name = "BodySpent"
}

/** The same body, whose failure to start again is recognisable by a `BodySpent` among the causes. */
export function guardBody(body: RequestBody): RequestBody {
  let opened = false
  return {
    ...body,
    open() {
      if (opened) return reopen(body)
      opened = true
      return body.open()
    },
  }
}

async function* reopen(body: RequestBody): AsyncGenerator<Buffer> {
  let started = false
  try {
    for await (const chunk of body.open()) {
      started = true
      yield chunk
    }
  } catch (cause) {
    throw started ? cause : new BodySpent("the request body cannot be read twice", { cause })
  }
}

/** True when a `BodySpent` is what went wrong. */
export function isBodySpent(error: unknown): boolean {
  for (let depth = 0; error instanceof Error && depth < 8; depth++, error = error.cause)
    if (error instanceof BodySpent) return true
  return false
}
