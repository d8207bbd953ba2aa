/** Resource scopes of the token protocol (distribution, spec/auth/scope.md): `type:name:action,action`; a name may contain a port's colon. */

interface Scope {
  readonly resource: string
  readonly actions: readonly string[]
}

function readScope(scope: string): Scope {
  const colon = scope.lastIndexOf(":")
  return { resource: scope.slice(0, colon), actions: scope.slice(colon + 1).split(",") }
}

/** Repository of the first repository scope: the one that the request is about. */
export function repositoryOf(scopes: readonly string[]): string | undefined {
  const first = scopes.find((scope) => scope.startsWith("repository:"))
  return first && readScope(first).resource.slice("repository:".length)
}

/** The scopes of a challenge (separated by blanks) that `asked` does not cover, at most eight. */
export function missingScopes(challenge: string, asked: readonly string[]): readonly string[] {
  const have = asked.map(readScope)
  const covered = (wanted: Scope) =>
    have.some((scope) => scope.resource === wanted.resource && wanted.actions.every((action) => scope.actions.includes(action)))
  return challenge
    .split(" ")
    .filter((scope) => scope.includes(":") && !covered(readScope(scope)))
    .slice(0, 8)
}
