import type { AccessNews, Answers, EntrepotErrorCode, FollowedEvent, QueueEvent } from "@entrepot/client"

/** The answer of the procedure with that path: `jobs.list`. */
type AnswerOf<Path extends string, From = Answers> = Path extends `${infer Head}.${infer Rest}`
  ? Head extends keyof From
    ? AnswerOf<Rest, From[Head]>
    : never
  : Path extends keyof From
    ? From[Path]
    : never

/** Asked, and never answered: what a page looks like meanwhile. */
export const unanswered = Symbol("unanswered")

/** The application says no. */
export class Refusal {
  readonly code: EntrepotErrorCode
  readonly httpStatus: number
  readonly sentence: { readonly zh: string; readonly en: string }
  readonly more: { readonly side?: "source" | "target"; readonly host?: string; readonly status?: number; readonly hint?: string }

  constructor(
    code: EntrepotErrorCode,
    httpStatus: number,
    sentence: { readonly zh: string; readonly en: string },
    more: Refusal["more"] = {},
  ) {
    this.code = code
    this.httpStatus = httpStatus
    this.sentence = sentence
    this.more = more
  }
}

type Sample<Answer> = Answer | Refusal | typeof unanswered

type AskedPath =
  | "accessLog.clear"
  | "accessLog.list"
  | "accessRules.explain"
  | "accessRules.list"
  | "accessRules.mode"
  | "accounts.audit"
  | "accounts.changeToken"
  | "accounts.keys.create"
  | "accounts.keys.list"
  | "accounts.login"
  | "accounts.me"
  | "accounts.users.list"
  | "image.inspect"
  | "image.plan"
  | "jobs.counts"
  | "jobs.get"
  | "jobs.hosts"
  | "jobs.list"
  | "jobs.summary"
  | "projects.list"
  | "projects.members.list"
  | "pullUsers.list"
  | "registry.care"
  | "registry.image"
  | "registry.manifests"
  | "registry.place"
  | "registry.repositories"
  | "registry.tags"
  | "registry.usage"
  | "schedules.list"
  | "settings.get"
  | "statistics.overview"
  | "statistics.served"
  | "targets.check"
  | "targets.list"
  | "upstreams.check"
  | "upstreams.list"
  | "webhooks.deliveries"
  | "webhooks.delivery"
  | "webhooks.list"
  | "webhooks.test"

/** What a page is told in place of a server's answers. What is not named is refused. */
export type SampleAnswers = { readonly [Path in AskedPath]?: Sample<AnswerOf<Path>> } & {
  /** A job's stream, which then stays open. */
  readonly "jobs.follow"?: readonly FollowedEvent[] | Refusal | typeof unanswered
  readonly "jobs.followQueue"?: readonly QueueEvent[] | Refusal | typeof unanswered
  readonly "accessLog.follow"?: readonly AccessNews[] | Refusal | typeof unanswered
}
