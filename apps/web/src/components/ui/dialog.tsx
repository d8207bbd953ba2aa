"use client"

import { X } from "lucide-react"
import { useTranslations } from "next-intl"
import { type ReactNode, useId } from "react"
import { classNames } from "../class-names.ts"
import { Button } from "./button.tsx"
import { useModal } from "./use-modal.ts"

interface DialogProps {
  readonly open: boolean
  /** By Escape, the cross, or a press beside it. */
  readonly onClose: () => void
  readonly title: ReactNode
  /** A press beside it does not close it: what was typed would be lost. */
  readonly isForm?: boolean
  readonly className?: string
  readonly children: ReactNode
}

/** A question or a form before the page. The browser's own dialog: it keeps the focus inside, and gives it back. */
export function Dialog({ open, onClose, title, isForm = false, className, children }: DialogProps) {
  const element = useModal(open)
  const id = useId()
  const say = useTranslations("common")

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, which the browser sees to
    <dialog
      ref={element}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => {
        if (!isForm && event.target === element.current) onClose()
      }}
      className={classNames(
        "m-auto max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] max-w-lg rounded-lg border bg-card p-0 shadow-xl backdrop:bg-black/50",
        className,
      )}
    >
      {open && (
        <div className="grid gap-4 p-5 sm:p-6">
          <div className="flex items-start justify-between gap-4">
            <h2 id={id} className="text-lg font-semibold">
              {title}
            </h2>
            <Button variant="ghost" size="icon" aria-label={say("close")} onClick={onClose} className="-mt-1 -mr-2">
              <X aria-hidden />
            </Button>
          </div>
          {children}
        </div>
      )}
    </dialog>
  )
}
