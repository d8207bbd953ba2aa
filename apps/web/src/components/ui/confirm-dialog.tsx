"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { Button } from "./button.tsx"
import { Dialog } from "./dialog.tsx"

interface ConfirmDialogProps {
  readonly open: boolean
  readonly title: ReactNode
  /** What will be gone, and for whom. */
  readonly children: ReactNode
  /** On the button that does it: `Remove the key`. */
  readonly action: string
  readonly busy?: boolean
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks before something is done that cannot be undone. */
export function ConfirmDialog({ open, title, children, action, busy = false, onConfirm, onClose }: ConfirmDialogProps) {
  const say = useTranslations("common")
  return (
    <Dialog open={open} onClose={onClose} title={title} className="max-w-md">
      <div className="space-y-2 text-sm break-words">{children}</div>
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="outline" onClick={onClose}>
          {say("cancel")}
        </Button>
        <Button variant="danger" disabled={busy} aria-busy={busy} onClick={onConfirm}>
          {action}
        </Button>
      </div>
    </Dialog>
  )
}
