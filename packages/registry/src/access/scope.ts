import type { Action } from "./access.ts"

/** What a client asks a token for: `repository:library/nginx:pull,push`. */
export interface Scope {
  readonly type: string
  readonly name: string
  readonly actions: readonly string[]
}

/** The longest name of the specification, a host before it, and the words around them. */
const longestScope = 640
const form = /^([a-z0-9]+)(?:\([a-z0-9]+\))?:([^\s:]+(?::[^\s:]+)*):([a-z*]+(?:,[a-z*]+)*)$/

/** Undefined for what is none: nothing is granted for it, which is no error (distribution, "Token Scope Documentation"). */
export function parseScope(text: string): Scope | undefined {
  if (text.length > longestScope) return undefined
  const [, type, name, actions] = form.exec(text) ?? []
  return type === undefined || name === undefined || actions === undefined
    ? undefined
    : { type, name, actions: actions.split(",") }
}

/** The scope that a challenge names for an action, `name` being the canonical one: `repository:docker.io/library/nginx:pull`. */
export function scopeFor(action: Action, name: string): string {
  return `repository:${name}:${action === "push" ? "pull,push" : action}`
}
