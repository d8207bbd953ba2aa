/** Procedures that are asked by POST and make nothing: the form's and the batch's questions about images, with long answers. */
const question = /^image\.(?:parse|inspect|plan)$/

/**
 * Whether the answer to a request may be compressed. New secrets (sessions, keys, tickets) are told in answers to POST alone, often beside text of the
 * request, and the length of the two compressed together would give them away (BREACH): of POST, only answers that make nothing may.
 */
export function mayBeCompressed(method: string, procedures: string | undefined): boolean {
  if (method === "GET" || method === "HEAD") return true
  return method === "POST" && procedures?.split(",").every((path) => question.test(path)) === true
}
