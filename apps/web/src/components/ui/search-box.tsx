"use client"

import { useEffect, useRef, useState } from "react"
import type { FieldControl } from "./field.tsx"
import { Input } from "./input.tsx"

interface SearchBoxProps {
  readonly control: FieldControl
  readonly value: string
  readonly placeholder: string
  /** What was typed, once typing has paused. */
  readonly onSearch: (text: string) => void
}

const pauseMs = 300

/** Looks for what is typed, without asking for every letter. */
export function SearchBox({ control, value, placeholder, onSearch }: SearchBoxProps) {
  const [text, setText] = useState(value)
  const asked = useRef(value)

  useEffect(() => {
    if (value === asked.current) return
    asked.current = value
    setText(value)
  }, [value])

  useEffect(() => {
    const wanted = text.trim()
    if (wanted === asked.current) return
    const timer = setTimeout(() => {
      asked.current = wanted
      onSearch(wanted)
    }, pauseMs)
    return () => clearTimeout(timer)
  }, [text, onSearch])

  return (
    <Input
      {...control}
      type="search"
      maxLength={256}
      autoComplete="off"
      spellCheck={false}
      value={text}
      placeholder={placeholder}
      onChange={(event) => setText(event.target.value)}
    />
  )
}
