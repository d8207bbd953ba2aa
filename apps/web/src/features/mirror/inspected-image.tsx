"use client"

import type { InspectedImage } from "@entrepot/client"
import { formatBytes } from "@entrepot/core/progress"
import { useTranslations } from "next-intl"
import { classNames } from "../../components/class-names.ts"
import { Checkbox } from "../../components/ui/checkbox.tsx"
import { CopyButton } from "../../components/ui/copy-button.tsx"
import { type MirrorDraft, withPlatform } from "./mirror-draft.ts"

interface InspectedImagePanelProps {
  readonly found: InspectedImage
  readonly draft: MirrorDraft
  readonly onChange: (draft: MirrorDraft) => void
}

/** What the source says the image is, and which of its platforms are wanted. */
export function InspectedImagePanel({ found, draft, onChange }: InspectedImagePanelProps) {
  const say = useTranslations("mirror")
  const { digest, sizeBytes, platforms } = found
  const chosen = draft.platforms ?? platforms
  return (
    <section aria-label={say("found")} className="grid grid-cols-1 gap-3 rounded-md border p-3 text-sm">
      <div className="flex items-center gap-2">
        <div className="min-w-0 flex-1">
          <p className="text-xs text-muted-foreground">{say("digest")}</p>
          <p className="truncate font-mono" title={digest}>
            {digest}
          </p>
        </div>
        <CopyButton text={digest} label={say("copyDigest")} iconOnly />
      </div>
      {sizeBytes !== null && <p>{say("size", { size: formatBytes(sizeBytes) })}</p>}
      {platforms.length === 1 && <p>{say("onePlatform", { platform: platforms[0] ?? "" })}</p>}
      {platforms.length > 1 && (
        <fieldset className="min-w-0">
          <legend className="mb-1 text-xs text-muted-foreground">{say("platforms", { count: platforms.length })}</legend>
          <div className="grid grid-cols-1 gap-x-4 gap-y-1 sm:grid-cols-2">
            {platforms.map((platform) => (
              <Checkbox
                key={platform}
                name="platforms"
                label={<span className="font-mono break-all">{platform}</span>}
                checked={chosen.includes(platform)}
                onChange={(event) => onChange(withPlatform(draft, platform, event.target.checked, platforms))}
              />
            ))}
          </div>
          <p role="status" className={classNames("mt-2", chosen.length === 0 ? "text-danger" : "text-muted-foreground")}>
            {say(chosen.length === 0 ? "noPlatform" : chosen.length < platforms.length ? "somePlatforms" : "allPlatforms")}
          </p>
        </fieldset>
      )}
    </section>
  )
}
