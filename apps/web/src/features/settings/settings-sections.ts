/** The parts of the settings, each with a page of its own; the first is where one arrives. */
export const settingsSections = [
  { name: "general", isForAdmins: false },
  { name: "keys", isForAdmins: false },
  { name: "transfers", isForAdmins: true },
  { name: "users", isForAdmins: true },
  { name: "webhooks", isForAdmins: true },
  { name: "audit", isForAdmins: true },
] as const

export type SettingsSection = (typeof settingsSections)[number]["name"]

/** Where a part of the settings stands. */
export function settingsPath(section: SettingsSection): string {
  return section === "general" ? "/settings" : `/settings/${section}`
}
