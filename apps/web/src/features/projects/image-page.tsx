"use client"

import { EntrepotError } from "@entrepot/client"
import { formatBytes } from "@entrepot/core/progress"
import { PackageOpen, Trash2 } from "lucide-react"
import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { type ReactNode, useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Badge } from "../../components/ui/badge.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Card, CardContent, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { CopyButton } from "../../components/ui/copy-button.tsx"
import { EmptyState } from "../../components/ui/empty-state.tsx"
import { PageHeader } from "../../components/ui/page-header.tsx"
import { Skeleton } from "../../components/ui/skeleton.tsx"
import { Age } from "./age.tsx"
import { AnnotationList } from "./annotation-list.tsx"
import { type ImageView, kindOf, shortDigest, sizeOf, typeOf } from "./image-view.ts"
import { LayerTable } from "./layer-table.tsx"
import { pathOf, splitRepository } from "./place-path.ts"
import { PlaceTrail } from "./place-trail.tsx"
import { PlatformList } from "./platform-list.tsx"
import { PullCommand } from "./pull-command.tsx"
import { ReferrerList } from "./referrer-list.tsx"
import { RemoveDialog } from "./remove-dialog.tsx"
import { useImage } from "./use-registry.ts"

interface ImagePageProps {
  readonly repository: string
  /** Tag or digest. */
  readonly reference: string
}

/** One image of a repository: what it is called, runs on, is made of, and what refers to it. */
export function ImagePage({ repository, reference }: ImagePageProps) {
  const say = useTranslations("projects")
  const router = useRouter()
  const [isRemoving, setRemoving] = useState(false)
  const { data: image, error, refetch } = useImage(repository, reference)
  const isMissing = error instanceof EntrepotError && error.code === "not_found"
  return (
    <>
      <div className="space-y-1">
        <PlaceTrail repository={repository} isInside />
        <PageHeader
          title={
            <span className="font-mono break-all">
              {splitRepository(repository).rest}
              <span className="text-muted-foreground">@{shortDigest(image?.digest ?? reference)}</span>
            </span>
          }
        >
          {image?.removable === true && (
            <Button variant="outline" size="small" className="text-danger" onClick={() => setRemoving(true)}>
              <Trash2 aria-hidden />
              {say("removeImage")}
            </Button>
          )}
        </PageHeader>
      </div>
      {isMissing ? (
        <Card>
          <EmptyState icon={<PackageOpen aria-hidden />} title={say("imageMissing")}>
            <p>{say("imageMissingHint")}</p>
          </EmptyState>
        </Card>
      ) : (
        error && image === undefined && <Problem error={error} onRetry={() => void refetch()} />
      )}
      {image === undefined && !error && (
        <>
          <Skeleton className="h-80" />
          <Skeleton className="h-64" />
        </>
      )}
      {image !== undefined && <ImageCards image={image} />}
      <RemoveDialog
        what={isRemoving && image !== undefined ? { kind: "image", repository, digest: image.digest } : undefined}
        onClose={() => setRemoving(false)}
        onRemoved={() => router.replace(pathOf(repository))}
      />
    </>
  )
}

function ImageCards({ image }: { readonly image: ImageView }) {
  const say = useTranslations("projects")
  const bytes = sizeOf(image)
  return (
    <>
      <Card aria-label={say("image")}>
        <CardContent className="space-y-4">
          <dl className="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[auto_1fr]">
            <Fact name={say("digest")}>
              <span className="flex items-center gap-1">
                <span className="font-mono break-all">{image.digest}</span>
                <CopyButton text={image.digest} label={say("copyDigest")} iconOnly />
              </span>
            </Fact>
            <Fact name={say("tags")}>
              {image.tags.length === 0 ? (
                <Badge tone="warning">{say("untagged")}</Badge>
              ) : (
                <span className="flex flex-wrap gap-1.5">
                  {image.tags.map((tag) => (
                    <Badge key={tag} tone="primary" className="max-w-full font-mono break-all whitespace-normal">
                      {tag}
                    </Badge>
                  ))}
                </span>
              )}
            </Fact>
            <Fact name={say("kind")}>
              {say(`kindOf.${kindOf(image)}`)} <span className="font-mono text-xs break-all">{typeOf(image)}</span>
            </Fact>
            <Fact name={say("size")}>
              <span className="tabular-nums">{bytes === null ? say("sizeUnknown") : formatBytes(bytes)}</span>
            </Fact>
            <Fact name={say("arrived")}>
              <Age at={image.createdAt} />
            </Fact>
            <Fact name={say("lastPull")}>
              <Age at={image.usedAt} />
            </Fact>
          </dl>
          <PullCommand repository={image.repository} reference={image.tags[0] ?? image.digest} />
        </CardContent>
      </Card>
      {image.platforms.length > 0 && <PlatformList platforms={image.platforms} />}
      {image.layers !== null && image.layers.length > 0 && (
        <Card aria-label={say("layers")}>
          <CardHeader>
            <CardTitle>{say("layers")}</CardTitle>
          </CardHeader>
          <CardContent>
            <LayerTable layers={image.layers} label={say("layers")} />
          </CardContent>
        </Card>
      )}
      <ReferrerList repository={image.repository} referrers={image.referrers} />
      <AnnotationList annotations={image.annotations} />
    </>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0 sm:col-span-2 sm:grid sm:grid-cols-subgrid sm:items-center">
      <dt className="text-muted-foreground">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}
