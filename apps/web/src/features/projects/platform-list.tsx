"use client"

import { formatBytes } from "@entrepot/core/progress"
import { useTranslations } from "next-intl"
import { Card, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { Disclosure } from "../../components/ui/disclosure.tsx"
import { type ImagePlatform, shortDigest } from "./image-view.ts"
import { LayerTable } from "./layer-table.tsx"

/** What an image runs on; the layers of each platform behind its name. */
export function PlatformList({ platforms }: { readonly platforms: readonly ImagePlatform[] }) {
  const say = useTranslations("projects")
  return (
    <Card aria-label={say("platforms")}>
      <CardHeader>
        <CardTitle>{say("platforms")}</CardTitle>
      </CardHeader>
      <ul aria-label={say("platforms")} className="mt-4 divide-y border-t">
        {platforms.map(({ platform: name, digest, bytes, layers }) => {
          const platform = name === "unknown" ? say("platformUnknown") : name
          return (
            <li key={digest} aria-label={platform} className="px-4 py-2 sm:px-6">
              <Disclosure
                open={platforms.length === 1}
                summary={
                  <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
                    <span className="font-mono font-medium break-all text-foreground">{platform}</span>
                    <span className="font-mono text-xs" title={digest}>
                      {shortDigest(digest)}
                    </span>
                    <span className="tabular-nums">{bytes === null ? say("notHere") : formatBytes(bytes)}</span>
                    {layers !== null && <span className="tabular-nums">{say("layerCount", { count: layers.length })}</span>}
                  </span>
                }
              >
                {layers === null ? (
                  <p className="text-sm text-muted-foreground">{say("notHereHint")}</p>
                ) : (
                  <LayerTable layers={layers} label={say("layersOf", { platform })} />
                )}
              </Disclosure>
            </li>
          )
        })}
      </ul>
    </Card>
  )
}
