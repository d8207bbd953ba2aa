import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { useTRPC } from "../../connection/trpc.ts"
import { moveItem, type RegistryUpstreams, reordered } from "./upstream-order.ts"

/** Puts one of a registry's upstreams into another place: which one stands at `from`, and the gap that it goes to. */
export type OrderUpstreams = (group: RegistryUpstreams, from: number, gap: number) => void

/** Changes the order in which upstreams are asked. It is shown at once, said to whoever hears the page, and taken back where it is refused. */
export function useOrder() {
  const say = useTranslations("upstreams")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [announcement, setAnnouncement] = useState("")
  const queryKey = trpc.upstreams.list.queryKey()
  const save = useMutation(
    trpc.upstreams.order.mutationOptions({
      onMutate: async ({ ids }) => {
        await queries.cancelQueries({ queryKey })
        const before = queries.getQueryData(queryKey)
        if (before !== undefined) queries.setQueryData(queryKey, { ...before, upstreams: [...reordered(before.upstreams, ids)] })
        return { before }
      },
      onError: (_error, _input, context) => {
        if (context?.before !== undefined) queries.setQueryData(queryKey, context.before)
        setAnnouncement(say("notMoved"))
      },
      onSuccess: (list) => queries.setQueryData(queryKey, list),
    }),
  )

  const order: OrderUpstreams = ({ registry, upstreams }, from, gap) => {
    const moved = upstreams[from]
    const wanted = moveItem(upstreams, from, gap).filter(({ pinned }) => !pinned)
    const present = upstreams.filter(({ pinned }) => !pinned)
    if (moved === undefined || moved.pinned || wanted.every(({ id }, place) => id === present[place]?.id)) return
    const place = upstreams.length - wanted.length + wanted.findIndex(({ id }) => id === moved.id) + 1
    setAnnouncement(say("moved", { name: moved.name, place, count: upstreams.length, registry }))
    save.mutate({ ids: wanted.map(({ id }) => id) })
  }
  return { order, announcement, problem: save.error } as const
}
