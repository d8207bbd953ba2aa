"use client"

import type { Upstream } from "@entrepot/client"
import { KeyRound, LockOpen, ShieldAlert, ShieldCheck } from "lucide-react"
import { useTranslations } from "next-intl"
import { Badge } from "../../components/ui/badge.tsx"

/** What an upstream has beside its address, where it has anything: a login, a certificate, names of its own. */
export function UpstreamFacts({ upstream }: { readonly upstream: Upstream }) {
  const say = useTranslations("upstreams")
  const { username, hasPassword, url, tlsVerify, hasCa, tagLifetimeMs, virtualHosts } = upstream
  const isPlain = url.startsWith("http:")
  if (username === null && !isPlain && tlsVerify && !hasCa && tagLifetimeMs === null && virtualHosts.length === 0) return null
  return (
    <ul className="flex flex-wrap gap-1.5">
      {username !== null && (
        <li className="min-w-0">
          <Badge className="max-w-full whitespace-normal break-all">
            <KeyRound aria-hidden className="shrink-0" />
            {say(hasPassword ? "logsInAs" : "logsInWithout", { username })}
          </Badge>
        </li>
      )}
      {isPlain && (
        <li>
          <Badge tone="warning">
            <LockOpen aria-hidden />
            {say("isPlain")}
          </Badge>
        </li>
      )}
      {!isPlain && !tlsVerify && (
        <li>
          <Badge tone="warning">
            <ShieldAlert aria-hidden />
            {say("isUnverified")}
          </Badge>
        </li>
      )}
      {hasCa && (
        <li>
          <Badge>
            <ShieldCheck aria-hidden />
            {say("hasCa")}
          </Badge>
        </li>
      )}
      {tagLifetimeMs !== null && (
        <li>
          <Badge>{say("tagsFor", { seconds: tagLifetimeMs / 1000 })}</Badge>
        </li>
      )}
      {virtualHosts.map((host) => (
        <li key={host} className="min-w-0">
          <Badge className="max-w-full whitespace-normal font-mono break-all">{host}</Badge>
        </li>
      ))}
    </ul>
  )
}
