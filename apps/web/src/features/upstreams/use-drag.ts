import { type PointerEvent, type RefObject, useState } from "react"
import { gapAt } from "./upstream-order.ts"

interface Drag {
  readonly dragged: number
  readonly gap: number
}

/**
 * Drags the rows of a list by a handle, with mouse, pen or finger. Nothing moves on the way, only `gap` says where it would fall; `onDrop` is told
 * when the handle is let go. Escape, or whatever else interrupts it, leaves everything as it was.
 */
export function useDrag(list: RefObject<HTMLElement | null>, onDrop: (from: number, gap: number) => void) {
  const [drag, setDrag] = useState<Drag>()

  function startDrag(event: PointerEvent<HTMLElement>, dragged: number): void {
    if (event.button !== 0 || !event.isPrimary) return
    const handle = event.currentTarget
    const { pointerId } = event
    handle.setPointerCapture(pointerId)
    let gap = dragged
    setDrag({ dragged, gap })
    const stop = new AbortController()
    const end = () => {
      stop.abort()
      setDrag(undefined)
    }
    const look = ({ clientY }: { readonly clientY: number }) => {
      const rows = [...(list.current?.children ?? [])].map((row) => row.getBoundingClientRect())
      gap = gapAt(
        rows.map(({ top, height }) => top + height / 2),
        clientY,
      )
      setDrag({ dragged, gap })
    }
    const options = { signal: stop.signal }
    handle.addEventListener("pointermove", look, options)
    handle.addEventListener(
      "pointerup",
      () => {
        end()
        onDrop(dragged, gap)
      },
      options,
    )
    handle.addEventListener("pointercancel", end, options)
    handle.addEventListener("lostpointercapture", end, options)
    window.addEventListener("keydown", ({ key }) => key === "Escape" && end(), options)
  }

  const isMoving = drag !== undefined && drag.gap !== drag.dragged && drag.gap !== drag.dragged + 1
  return { dragged: drag?.dragged, gap: isMoving ? drag.gap : undefined, startDrag } as const
}
