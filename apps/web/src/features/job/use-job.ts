"use client"

import { useQuery } from "@tanstack/react-query"
import { useEffect, useState } from "react"
import { useTRPC } from "../../connection/trpc.ts"
import { useWatchedJob } from "./use-watched-job.ts"

/** How long events that are stored may take to come before what is there of them is drawn. */
const patienceMs = 300

/** A job's row and its events, each kept up with the other: a new state is read again, and a job that was retried is followed again. */
export function useJob(id: number) {
  const trpc = useTRPC()
  const row = useQuery(trpc.jobs.get.queryOptions({ id }))
  const watching = useWatchedJob(id)
  const { job: watched, connection, resume } = watching
  const { refetch } = row
  const known = row.data?.lastSequence

  useEffect(() => {
    if (known !== undefined && watched.standingSequence > known) void refetch()
  }, [known, watched.standingSequence, refetch])

  useEffect(() => {
    if (connection === "ended" && known !== undefined && known > watched.sequence) resume()
  }, [connection, known, watched.sequence, resume])

  // While old events are still coming in, the row knows better where the job stands.
  const isBehind = known !== undefined && watched.sequence < known
  const state = (isBehind ? undefined : watched.standing?.state) ?? row.data?.state
  // Drawn with all that the row has told of: half of it would make the page jump. What takes long is watched while it comes.
  const [hasCome, setHasCome] = useState(false)
  const hasBegun = watched.sequence > 0
  const isStuck = connection !== "open" || watching.error !== undefined
  if (!hasCome && known !== undefined && (!isBehind || isStuck)) setHasCome(true)
  useEffect(() => {
    if (hasCome || !hasBegun) return
    const timer = setTimeout(() => setHasCome(true), patienceMs)
    return () => clearTimeout(timer)
  }, [hasCome, hasBegun])

  return { row, watching, state, hasCome }
}
