import type { EntrepotClient } from "@entrepot/client"
import type { Locale } from "@entrepot/core/locale"
import { useCallback, useEffect, useState } from "react"
import { sentenceOf } from "../use-action.ts"

type Calls = EntrepotClient["accounts"]["keys"]

/** A named key as its owner sees it, without the secret. */
export type ApiKey = Awaited<ReturnType<Calls["list"]["query"]>>[number]
/** What is asked for when a key is made. */
export type NewKey = Parameters<Calls["create"]["mutate"]>[0]

/** The API keys of whoever is logged in; undefined until they are known. Making and removing reads them anew. */
export function useKeys(client: EntrepotClient, locale: Locale) {
  const [keys, setKeys] = useState<readonly ApiKey[]>()
  const [problem, setProblem] = useState<string>()

  const load = useCallback(async () => {
    try {
      setKeys(await client.accounts.keys.list.query())
      setProblem(undefined)
    } catch (error) {
      setProblem(sentenceOf(error, locale))
    }
  }, [client, locale])

  useEffect(() => void load(), [load])

  return {
    keys,
    problem,
    /** Returns the secret, which cannot be asked for again. */
    async make(wanted: NewKey): Promise<string> {
      const { secret } = await client.accounts.keys.create.mutate(wanted)
      await load()
      return secret
    },
    async remove(id: string): Promise<void> {
      await client.accounts.keys.remove.mutate({ id })
      await load()
    },
  }
}
