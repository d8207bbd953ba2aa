import { redact } from "../errors/redact.ts"
import { TransferError } from "../errors/transfer-error.ts"
import type { TargetBase } from "./naming.ts"
import { findHostProblem, findPathProblem, looksLikeHost, maxReferenceLength, normalizeHost } from "./scan.ts"

/**
 * `HOST[:PORT][/PROJECT]`, as `--to` takes it; `https://` before and `/` after it are forgiven.
 * @throws TransferError `reference_invalid` for anything else, a tag or digest included.
 */
export function parseTargetBase(text: string): TargetBase {
  const plain = trimSlashes(stripWebScheme(text.trim()))
  const slash = plain.indexOf("/")
  const host = slash === -1 ? plain : plain.slice(0, slash)
  const project = slash === -1 ? undefined : plain.slice(slash + 1)
  const refuse = (problem: string, hint: string): TransferError =>
    new TransferError("reference_invalid", `"${redact(text.slice(0, 120))}" is not a target: ${problem}`, { hint })
  const usual = "write HOST or HOST/PROJECT, as in harbor.example.com/proxy"

  if (text.length > maxReferenceLength) throw refuse(`it is longer than ${maxReferenceLength} characters`, usual)
  if (host === "") throw refuse("there is no host", usual)
  const hostProblem = findHostProblem(host)
  if (hostProblem !== undefined) throw refuse(hostProblem, usual)
  if (!looksLikeHost(host)) {
    throw refuse(
      `${host} could be a namespace of Docker Hub: a host has a dot or a port`,
      `did you mean "${host}:443${suffix(project)}"?`,
    )
  }
  if (project === undefined) return { host: normalizeHost(host) }
  const projectProblem = findPathProblem(project)
  if (projectProblem === undefined) return { host: normalizeHost(host), project }
  const lower = project.toLowerCase()
  throw refuse(projectProblem, findPathProblem(lower) === undefined ? `did you mean "${host}${suffix(lower)}"?` : usual)
}

function suffix(project: string | undefined): string {
  return project === undefined ? "" : `/${project}`
}

function stripWebScheme(text: string): string {
  for (const scheme of ["https://", "http://", "docker://"]) if (text.startsWith(scheme)) return text.slice(scheme.length)
  return text
}

function trimSlashes(text: string): string {
  let end = text.length
  while (end > 0 && text.charAt(end - 1) === "/") end--
  return text.slice(0, end)
}
