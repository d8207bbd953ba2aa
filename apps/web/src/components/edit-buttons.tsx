"use client"

import { Pencil, Trash2 } from "lucide-react"
import { useTranslations } from "next-intl"
import { Button } from "./ui/button.tsx"

interface EditButtonsProps {
  readonly onEdit: () => void
  readonly onRemove: () => void
}

/** At the end of a card's foot: edit it, remove it. On narrow pages their words are for ears alone. */
export function EditButtons({ onEdit, onRemove }: EditButtonsProps) {
  const say = useTranslations("common")
  return (
    <div className="ml-auto flex sm:gap-2">
      <Button variant="ghost" size="small" onClick={onEdit}>
        <Pencil aria-hidden />
        <span className="max-sm:sr-only">{say("edit")}</span>
      </Button>
      <Button variant="ghost" size="small" className="text-danger" onClick={onRemove}>
        <Trash2 aria-hidden />
        <span className="max-sm:sr-only">{say("remove")}</span>
      </Button>
    </div>
  )
}
