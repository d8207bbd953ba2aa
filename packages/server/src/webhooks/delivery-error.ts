/** Why a message was not taken. */
type DeliveryErrorCode =
  | "network" // no connection, or it broke
  | "timeout" // no answer in time
  | "tls" // the certificate, or no TLS at all
  | "proxy" // a proxy on the way refuses
  | "blocked" // an address that is never dialled
  | "status" // another HTTP status than 2xx
  | "answer" // an answer that makes no sense
  | "refused" // the bot says no
  | "pressed" // the bot was sent too much
  | "sealed" // no present master key opens the address
  | "disabled" // the webhook is switched off
  | "internal" // the message could not be written

/** As deliveries keep it: `network: connection refused by hooks.example.com`. The sentence is ours, and quotes nothing of an answer. */
export function deliveryError(code: DeliveryErrorCode, sentence: string): string {
  return `${code}: ${sentence}`
}
