"use client"

import { type RefObject, useEffect, useRef } from "react"

/** Opens and closes the browser's own dialog with `open`: above the page, which rests meanwhile. */
export function useModal(open: boolean): RefObject<HTMLDialogElement | null> {
  const element = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = element.current
    if (open && dialog?.open === false) dialog.showModal()
    if (!open && dialog?.open === true) dialog.close()
  }, [open])
  return element
}
