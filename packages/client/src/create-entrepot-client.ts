import type { AppRouter } from "@entrepot/server/router"
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink, type TRPCClient } from "@trpc/client"
import { EventSource } from "eventsource"
import { closingFetch, type Fetch } from "./closing-fetch.ts"
import { streamFetch } from "./event-stream.ts"
import { type FollowOptions, follow } from "./follow.ts"
import type { AccessFilter, AccessNews, FollowedEvent, QueueEvent } from "./shapes.ts"
import { typedErrors } from "./typed-errors.ts"

export interface EntrepotClientOptions {
  /** Where the application is: `https://mirror.example.com`. Empty in a page of the application itself. */
  readonly url: string
  /** An API key, or a function that knows the present one. Absent in a browser: then the session's cookie speaks. */
  readonly token?: string | (() => string | undefined) | undefined
  /** In place of the global fetch. */
  readonly fetch?: Fetch | undefined
  /** Language of what the application says beside its codes. */
  readonly locale?: "zh" | "en" | undefined
}

/** Every procedure of the application with its types, and a few things that are longer without it. */
export type EntrepotClient = TRPCClient<AppRouter> & {
  readonly jobs: {
    /** Everything a job has told and will tell, from its first event, or from after that one, until it has ended. */
    follow(id: number, options?: FollowOptions & { readonly after?: number }): AsyncGenerator<FollowedEvent, void>
    /** All jobs that are open and the newest that have ended, or what changed after that revision; then every change. */
    followQueue(options?: FollowOptions & { readonly after?: number }): AsyncGenerator<QueueEvent, void>
  }
  readonly accessLog: {
    /** What comes into the access log from now on, or came after that entry. The first news may be empty: they say where it begins. */
    follow(filter?: AccessFilter, options?: FollowOptions & { readonly after?: number }): AsyncGenerator<AccessNews, void>
  }
  /** Ends everything that is under way: calls fail, streams end. */
  close(): void
}

/** Longer URLs are refused by some proxies, and longer batches by the application: more calls at once become several requests. */
const longestUrl = 2_000
const longestBatch = 20

/**
 * A client for the application's typed interface; for Node and for browsers. Errors are EntrepotErrors. Streams that break off go on where they were.
 */
export function createEntrepotClient({ url, token, fetch = globalThis.fetch, locale }: EntrepotClientOptions): EntrepotClient {
  const closed = new AbortController()
  const present = typeof token === "function" ? token : () => token
  const reach = closingFetch((target, init) => fetch(target, init), present, closed.signal)
  const headers = locale === undefined ? {} : { "accept-language": locale }
  const endpoint = `${url.replace(/\/+$/, "")}/api/trpc`
  const trpc = createTRPCClient<AppRouter>({
    links: [
      typedErrors,
      splitLink({
        condition: ({ type }) => type === "subscription",
        true: httpSubscriptionLink({
          url: endpoint,
          EventSource,
          eventSourceOptions: ({ op }) => ({ fetch: streamFetch(reach, op) }),
        }),
        false: httpBatchLink({
          url: endpoint,
          fetch: (target, init) => reach(target, init as RequestInit),
          headers,
          maxURLLength: longestUrl,
          maxItems: longestBatch,
        }),
      }),
    ],
  })
  return withConveniences(trpc, closed)
}

function withConveniences(trpc: TRPCClient<AppRouter>, closed: AbortController): EntrepotClient {
  const streams = {
    follow: (id: number, { after, ...options }: FollowOptions & { readonly after?: number } = {}) =>
      follow<FollowedEvent>(
        ({ onData, ...observer }) =>
          trpc.jobs.follow.subscribe(
            { id, ...(after === undefined ? {} : { after }) },
            { ...observer, onData: (event) => onData(bare(event)) },
          ),
        ({ sequence }) => sequence,
        options,
      ),
    followQueue: ({ after, ...options }: FollowOptions & { readonly after?: number } = {}) =>
      follow<QueueEvent>(
        ({ onData, ...observer }) =>
          trpc.jobs.followQueue.subscribe(after === undefined ? {} : { after }, {
            ...observer,
            onData: (event) => onData(bare(event)),
          }),
        undefined,
        options,
      ),
    accessLog: (filter: AccessFilter = {}, { after, ...options }: FollowOptions & { readonly after?: number } = {}) =>
      follow<AccessNews>(
        ({ onData, ...observer }) =>
          trpc.accessLog.follow.subscribe(
            { ...filter, ...(after === undefined ? {} : { after }) },
            { ...observer, onData: (news) => onData(bare(news)) },
          ),
        undefined,
        options,
      ),
  }
  // Callable as above, and still what tRPC makes of the name: `jobs.follow.subscribe(…)`.
  const both = {
    follow: Object.assign(streams.follow, { subscribe: trpc.jobs.follow.subscribe }),
    followQueue: Object.assign(streams.followQueue, { subscribe: trpc.jobs.followQueue.subscribe }),
  }
  const jobs = extended(trpc.jobs, both)
  const accessLog = extended(trpc.accessLog, {
    follow: Object.assign(streams.accessLog, { subscribe: trpc.accessLog.follow.subscribe }),
  })
  return extended(trpc, { jobs, accessLog, close: () => closed.abort() })
}

/** The proxies of tRPC answer every name; those of `more` are answered by it. */
function extended<T extends object, More extends object>(proxy: T, more: More): T & More {
  return new Proxy(proxy, {
    get: (target, name) => Reflect.get(Object.hasOwn(more, name) ? more : target, name),
  }) as T & More
}

/** Events with a place to go on from come wrapped. */
function bare<Event extends object>(event: Event | { readonly id: string; readonly data: Event }): Event {
  return "data" in event && "id" in event ? event.data : event
}
