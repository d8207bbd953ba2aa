"use client"

import { formatBytes } from "@entrepot/core/progress"
import { useTranslations } from "next-intl"
import { Badge } from "../../components/ui/badge.tsx"
import { Table, TableCell, TableHead, TableRow } from "../../components/ui/table.tsx"
import { type ImageLayer, shortDigest } from "./image-view.ts"

interface LayerTableProps {
  readonly layers: readonly ImageLayer[]
  /** What they are layers of, in words. */
  readonly label: string
}

/** Layers in their order: what they are, how large, and whether their bytes are here. */
export function LayerTable({ layers, label }: LayerTableProps) {
  const say = useTranslations("projects")
  if (layers.length === 0) return <p className="text-sm text-muted-foreground">{say("noLayers")}</p>
  return (
    <Table aria-label={label}>
      <thead>
        <TableRow>
          <TableHead className="pl-0">{say("digest")}</TableHead>
          <TableHead className="text-right">{say("size")}</TableHead>
          <TableHead>{say("stored")}</TableHead>
          <TableHead>{say("mediaType")}</TableHead>
        </TableRow>
      </thead>
      <tbody>
        {numbered(layers).map(({ key, digest, sizeBytes, isHere, mediaType }) => (
          <TableRow key={key}>
            <TableCell className="pl-0 font-mono text-xs" title={digest}>
              {shortDigest(digest)}
            </TableCell>
            <TableCell className="text-right whitespace-nowrap tabular-nums">{formatBytes(sizeBytes)}</TableCell>
            <TableCell>
              <Badge tone={isHere ? "success" : "neutral"}>{say(isHere ? "isHere" : "isNotHere")}</Badge>
            </TableCell>
            <TableCell className="min-w-48 font-mono text-xs break-all text-muted-foreground">{mediaType}</TableCell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  )
}

/** One image may have the same layer twice. */
function numbered(layers: readonly ImageLayer[]) {
  return layers.map((layer, place) => ({ ...layer, key: `${place} ${layer.digest}` }))
}
