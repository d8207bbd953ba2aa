import type { ProjectMember, PullUser, User } from "@entrepot/client"

/** Somebody who can be given a place in a project. */
export interface Person extends Pick<ProjectMember, "kind" | "memberId"> {
  /** Undefined: gone meanwhile, or not known yet. */
  readonly name: string | undefined
}

/** The places that can be given, the smallest first. Who logs in by `docker login` alone only ever pulls. */
export const placesFor = {
  "web-user": ["pull", "push", "admin"],
  "pull-user": ["pull"],
} as const satisfies Record<ProjectMember["kind"], readonly ProjectMember["role"][]>

/** Tells one from the other in a list: numbers of web users and pull users overlap. */
export function keyOf({ kind, memberId }: Pick<ProjectMember, "kind" | "memberId">): string {
  return `${kind}:${memberId}`
}

/** Everybody who may be given a place, web users first. Administrators have every place already. */
export function peopleOf(users: readonly User[], pullUsers: readonly PullUser[]): readonly Person[] {
  return [
    ...users.filter(({ role }) => role !== "admin").map(({ id, name }) => ({ kind: "web-user", memberId: id, name }) as const),
    ...pullUsers.map(({ id, name }) => ({ kind: "pull-user", memberId: id, name }) as const),
  ]
}

/** Members by name, with those at the end who are gone. */
export function namedMembers(
  members: readonly ProjectMember[],
  users: readonly User[],
  pullUsers: readonly PullUser[],
): readonly (ProjectMember & Person)[] {
  const names = new Map([
    ...users.map(({ id, name }) => [keyOf({ kind: "web-user", memberId: id }), name] as const),
    ...pullUsers.map(({ id, name }) => [keyOf({ kind: "pull-user", memberId: id }), name] as const),
  ])
  return members
    .map((member) => ({ ...member, name: names.get(keyOf(member)) }))
    .toSorted((a, b) => (a.name === undefined ? 1 : b.name === undefined ? -1 : a.name.localeCompare(b.name)))
}
