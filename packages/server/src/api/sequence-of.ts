import { ServiceError } from "../errors/service-error.ts"

/**
 * The number in a Last-Event-ID header or an `after` parameter; undefined where there is none.
 * @throws ServiceError `invalid` for anything else.
 */
export function sequenceOf(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined
  if (!/^\d{1,15}$/.test(text)) throw new ServiceError("invalid", "an event's identifier is a number")
  return Number(text)
}
