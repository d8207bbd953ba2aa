"use client"

import { createContext, type ReactNode, use, useState } from "react"
import { savePreference } from "./save-preference.ts"

/** Light, dark, or as the system says. */
export type Theme = "light" | "dark" | "system"

interface ThemeChoice {
  readonly theme: Theme
  readonly choose: (theme: Theme) => void
}

const ThemeContext = createContext<ThemeChoice>({ theme: "system", choose: () => {} })

/** Knows the theme that the page was made with, and changes it. */
export function ThemeProvider({ initial, children }: { readonly initial: Theme; readonly children: ReactNode }) {
  const [theme, setTheme] = useState(initial)
  function choose(chosen: Theme): void {
    savePreference("theme", chosen)
    setTheme(chosen)
    if (chosen === "system") delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = chosen
  }
  return <ThemeContext value={{ theme, choose }}>{children}</ThemeContext>
}

/** The theme that was chosen, and how to choose another. */
export function useTheme(): ThemeChoice {
  return use(ThemeContext)
}
