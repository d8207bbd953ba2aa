"use client"

import type { Job } from "@entrepot/client"
import { formatBytes, formatDuration } from "@entrepot/core/progress"
import { useTranslations } from "next-intl"
import { Alert } from "../../components/ui/alert.tsx"
import { CopyButton } from "../../components/ui/copy-button.tsx"
import { isAtRegistry, useOwnRegistry } from "../../connection/use-own-registry.ts"
import { snippetsOf } from "./snippets.ts"

interface JobResultProps {
  readonly job: Job
  readonly digest: string | undefined
  readonly totals: Job["totals"]
}

/** Where the image is now, and what to copy to use it. */
export function JobResult({ job, digest, totals }: JobResultProps) {
  const say = useTranslations("job")
  const snippets = snippetsOf(job, digest)
  const isOwn = isAtRegistry(job.target, useOwnRegistry())
  return (
    <Alert tone="success">
      <p className="font-medium break-all">{say("result.title", { image: job.target })}</p>
      {digest !== undefined && (
        <p className="text-xs text-muted-foreground">
          {say("result.digest")} <span className="font-mono break-all">{digest}</span>
        </p>
      )}
      {totals !== null && (
        <p className="text-muted-foreground tabular-nums">
          {job.unchanged
            ? say("result.unchanged")
            : totals.bytesSent === 0
              ? say("result.nothingSent")
              : say("result.summary", { size: formatBytes(totals.bytesSent), time: formatDuration(totals.durationMs) })}
        </p>
      )}
      {snippets && (
        <div className="space-y-1 pt-1">
          <p>{say(isOwn ? "result.own" : "result.use")}</p>
          <code className="block font-mono break-all">{snippets.pull}</code>
        </div>
      )}
      <div className="flex flex-wrap gap-2 pt-1">
        <CopyButton text={job.target} label={say("result.reference")} />
        {snippets && <CopyButton text={snippets.pull} label={say("result.pull")} />}
        {snippets && <CopyButton text={snippets.kubernetes} label={say("result.kubernetes")} />}
        {digest !== undefined && <CopyButton text={digest} label={say("result.copyDigest")} />}
      </div>
    </Alert>
  )
}
