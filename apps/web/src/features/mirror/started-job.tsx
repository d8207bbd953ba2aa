"use client"

import dynamic from "next/dynamic"
import { useEffect, useRef } from "react"
import { Skeleton } from "../../components/ui/skeleton.tsx"

/** Most visits begin without a job to watch. */
const JobPanel = dynamic(() => import("../job/job-panel.tsx").then((module) => module.JobPanel), {
  loading: () => <Skeleton className="h-[42rem]" />,
})

interface StartedJobProps {
  readonly id: number
  /** It was started here and now, and is brought into sight. */
  readonly isNew: boolean
}

/** The job that the address of the page tells of, live. */
export function StartedJob({ id, isNew }: StartedJobProps) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isNew) place.current?.scrollIntoView({ block: "start" })
  }, [isNew])
  return (
    <div ref={place} className="scroll-mt-20 lg:scroll-mt-6">
      <JobPanel id={id} />
    </div>
  )
}
