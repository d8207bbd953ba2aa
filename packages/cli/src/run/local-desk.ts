import { TransferError } from "@entrepot/core"
import type { History } from "@entrepot/server/history"
import type { LocalServices } from "@entrepot/server/local-services"
import type { Context } from "../context.ts"
import { printable } from "../renderers/text-width.ts"
import type { Desk } from "./desk.ts"
import { openLocalHistory } from "./local-history.ts"
import { openServicesHere } from "./local-services.ts"

const usualLimit = 50

/**
 * The database of this machine, as whoever sits at the terminal sees it: everything. Jobs are looked at without the application; for what the
 * application decides its services are loaded, but not its runner, so that no job begins here.
 */
export function localDesk(context: Context): Desk {
  const { stderr } = context
  const warn = (message: string) => stderr.write(`! ${printable(message)}\n`)
  let opened: Promise<History> | undefined
  let loaded: Promise<LocalServices> | undefined
  const history = () => {
    opened ??= openLocalHistory(context, warn)
    return opened
  }
  const services = () => {
    loaded ??= openServicesHere(context)
    return loaded
  }
  return {
    server: undefined,
    list: async (query) => {
      const { jobs, actor } = await history()
      return jobs.list(actor, { ...query, limit: query.limit ?? usualLimit })
    },
    get: async (id) => {
      const { jobs, actor } = await history()
      return jobs.get(actor, id)
    },
    async *follow(id, { signal }) {
      const { jobs, actor } = await history()
      yield* jobs.follow(actor, id, { signal })
    },
    cancel: async (id) => {
      const { jobs, actor } = await history()
      return jobs.cancel(actor, id)
    },
    retry: async (id, logins) => {
      if (logins.source === undefined && logins.target === undefined) return (await services()).retry(id)
      throw new TransferError("usage", "passwords are remembered by the application alone, and this command ends at once", {
        hint: "give them to the application: add --server, with its address",
      })
    },
    remove: async (id) => {
      const { jobs, actor } = await history()
      await jobs.remove(actor, id)
    },
    targets: {
      list: async () => {
        const { targets, actor } = await services()
        return targets.list(actor)
      },
      create: async (input) => {
        const { targets, actor } = await services()
        return targets.create(actor, input)
      },
      remove: async (id) => {
        const { targets, actor } = await services()
        await targets.remove(actor, id)
      },
      check: async (targetId, signal) => {
        const { targets, actor } = await services()
        return targets.check(actor, { targetId }, signal)
      },
    },
    async [Symbol.asyncDispose]() {
      await (await loaded)?.close()
      await (await opened)?.close()
    },
  }
}
