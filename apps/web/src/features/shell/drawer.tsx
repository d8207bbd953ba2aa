"use client"

import { X } from "lucide-react"
import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { Button } from "../../components/ui/button.tsx"
import { useModal } from "../../components/ui/use-modal.ts"

interface DrawerProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly children: ReactNode
}

/** The menu of a narrow page, from the side. */
export function Drawer({ open, onClose, children }: DrawerProps) {
  const element = useModal(open)
  const say = useTranslations()

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, which the browser sees to
    <dialog
      ref={element}
      aria-label={say("shell.navigation")}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === element.current) onClose()
      }}
      className="m-0 ml-auto h-dvh max-h-none w-72 max-w-[85vw] bg-sidebar p-0 text-sidebar-foreground backdrop:bg-black/50"
    >
      {open && (
        <div className="flex min-h-full flex-col gap-6 p-4">
          <Button
            variant="ghost"
            size="icon"
            className="self-end hover:bg-sidebar-active"
            aria-label={say("common.close")}
            onClick={onClose}
          >
            <X aria-hidden />
          </Button>
          <div className="flex flex-1 flex-col justify-between gap-6">{children}</div>
        </div>
      )}
    </dialog>
  )
}
