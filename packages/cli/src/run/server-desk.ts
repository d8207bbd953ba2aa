import { createEntrepotClient } from "@entrepot/client"
import { isLoopback } from "@entrepot/core"
import type { Context } from "../context.ts"
import type { ServerAddress } from "../options/server-options.ts"
import type { ServerDesk } from "./desk.ts"

/** The jobs of an application, as the owner of the API key sees them. Nothing is asked before somebody does. */
export function serverDesk({ url, token }: ServerAddress, { locale, stderr, say }: Context): ServerDesk {
  if (isOpenToEavesdroppers(url)) {
    stderr.write(
      `${say(
        `warning: ${url} is not encrypted: whoever is on the way can read the API key and all passwords`,
        `警告：${url} 未加密，途中的任何人都能看到 API 密钥和密码`,
      )}\n`,
    )
  }
  const client = createEntrepotClient({ url, token, locale })
  const { jobs, targets } = client
  return {
    server: url,
    list: (query) => jobs.list.query(query),
    get: (id) => jobs.get.query({ id }),
    follow: (id, options) => jobs.follow(id, options),
    start: (request) => jobs.start.mutate(request),
    startBatch: (request) => jobs.startBatch.mutate(request),
    cancel: (id) => jobs.cancel.mutate({ id }),
    retry: (id, { source, target }) =>
      jobs.retry.mutate({ id, ...(source === undefined ? {} : { source }), ...(target === undefined ? {} : { target }) }),
    remove: (id) => jobs.remove.mutate({ id }),
    targets: {
      list: async () => (await targets.list.query()).targets,
      create: (input) => targets.create.mutate(input),
      remove: (id) => targets.remove.mutate({ id }),
      check: (id, signal) => targets.check.mutate({ targetId: id }, { signal }),
    },
    async [Symbol.asyncDispose]() {
      client.close()
    },
  }
}

/** Plain HTTP to another machine. */
function isOpenToEavesdroppers(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === "http:" && !isLoopback(hostname)
}
