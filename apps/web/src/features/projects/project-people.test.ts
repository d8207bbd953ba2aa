import { expect, test } from "vitest"
import { keyOf, namedMembers, peopleOf } from "./project-people.ts"

const user = (id: number, name: string, role: "admin" | "operator") =>
  ({ id, name, role, disabled: false, createdAt: 0, hasPassword: true }) as const
const users = [user(1, "admin", "admin"), user(2, "zoe", "operator")]
const pullUsers = [{ id: 2, name: "ci", disabled: false, createdAt: 0, updatedAt: 0 }]

test("a place can be given to everybody but administrators, who have it", () => {
  expect(peopleOf(users, pullUsers).map((person) => [keyOf(person), person.name])).toEqual([
    ["web-user:2", "zoe"],
    ["pull-user:2", "ci"],
  ])
})

test("members stand by name, those who are gone at the end", () => {
  const members = [
    { projectId: 1, kind: "web-user", memberId: 9, role: "pull" },
    { projectId: 1, kind: "web-user", memberId: 2, role: "push" },
    { projectId: 1, kind: "pull-user", memberId: 2, role: "pull" },
  ] as const
  expect(namedMembers(members, users, pullUsers).map(({ name, role }) => [name, role])).toEqual([
    ["ci", "pull"],
    ["zoe", "push"],
    [undefined, "pull"],
  ])
})
