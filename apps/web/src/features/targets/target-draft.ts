import type { CheckedTarget, Target, TargetChanges, TargetInput } from "@entrepot/client"
import { parseTargetBase } from "@entrepot/core/reference"

/** Naming rules with a name of their own; every other rule is a template. */
export const namedRules = ["default", "flat", "basename"] as const

/** What is chosen for a naming rule. */
export type RuleChoice = (typeof namedRules)[number] | "template"

/** A target as it is being typed. */
export interface TargetDraft {
  readonly name: string
  readonly address: string
  readonly rule: RuleChoice
  readonly template: string
  readonly username: string
  /** Empty: the password that is kept stays. */
  readonly password: string
  readonly forgetPassword: boolean
  /** Empty: the certificate that is kept stays. */
  readonly ca: string
  readonly forgetCa: boolean
  readonly plainHttp: boolean
  readonly tlsVerify: boolean
  readonly shared: boolean
}

const usualTemplate = "{registry}/{namespace}/{repository}"

/** `harbor.example.com/proxy`: where a target's images begin. */
export function addressOf({ host, project }: Pick<Target, "host" | "project">): string {
  return project === "" ? host : `${host}/${project}`
}

/** What the form begins with: a saved target, or nothing. */
export function draftOf(target: Target | undefined): TargetDraft {
  const rule = target === undefined ? "default" : (namedRules.find((name) => name === target.naming) ?? "template")
  return {
    name: target?.name ?? "",
    address: target === undefined ? "" : addressOf(target),
    rule,
    template: target !== undefined && rule === "template" ? target.naming : usualTemplate,
    username: target?.username ?? "",
    password: "",
    forgetPassword: false,
    ca: "",
    forgetCa: false,
    plainHttp: target?.plainHttp ?? false,
    tlsVerify: target?.tlsVerify ?? true,
    shared: target?.shared ?? false,
  }
}

/** The naming rule as the application knows it. */
export function namingOf({ rule, template }: TargetDraft): string {
  return rule === "template" ? template.trim() : rule
}

/** What is asked to be saved; a password only where passwords are kept. */
export function inputOf(draft: TargetDraft, keepsPasswords: boolean): TargetInput {
  const { password, username } = draft
  return {
    name: draft.name.trim(),
    address: draft.address.trim(),
    naming: namingOf(draft),
    shared: draft.shared,
    plainHttp: draft.plainHttp,
    tlsVerify: draft.tlsVerify,
    ca: draft.ca.trim() === "" ? null : draft.ca,
    username: username.trim() === "" ? null : username.trim(),
    ...(keepsPasswords && password !== "" && username.trim() !== "" ? { password } : {}),
  }
}

/** What the draft changes about a saved target, and nothing else of it. */
export function changesOf(target: Target, draft: TargetDraft, keepsPasswords: boolean): TargetChanges {
  const { ca, password, ...clear } = inputOf(draft, keepsPasswords)
  const before = inputOf(draftOf(target), keepsPasswords)
  const changed = Object.entries(clear).filter(([name, value]) => value !== before[name as keyof TargetInput])
  return {
    ...Object.fromEntries(changed),
    ...(draft.forgetCa ? { ca: null } : ca === null || ca === undefined ? {} : { ca }),
    ...(password !== undefined ? { password } : draft.forgetPassword && target.hasPassword ? { password: null } : {}),
  }
}

/** Whether the password that is kept goes with the draft: it belongs to its host. */
export function losesPassword(target: Target, draft: TargetDraft): boolean {
  if (!target.hasPassword) return false
  return draft.forgetPassword || draft.username.trim() === "" || hostOf(draft.address) !== target.host
}

/**
 * What is to be asked about the draft. Undefined where only the application knows the password, and would send it to something else than
 * what was saved: then it has to be typed, or the draft saved.
 */
export function checkOf(target: Target | undefined, draft: TargetDraft): CheckedTarget | undefined {
  if (target !== undefined && isSaved(target, draft)) return { targetId: target.id }
  const username = draft.username.trim()
  const keepsUnseen =
    target !== undefined &&
    ((draft.password === "" && !losesPassword(target, draft) && target.hasPassword) ||
      (target.hasCa && draft.ca.trim() === "" && !draft.forgetCa))
  if (keepsUnseen) return undefined
  return {
    address: draft.address.trim(),
    ...(username === "" ? {} : { username }),
    ...(username === "" || draft.password === "" ? {} : { password: draft.password }),
    ...(draft.plainHttp ? { plainHttp: true } : {}),
    ...(draft.tlsVerify ? {} : { tlsVerify: false }),
    ...(draft.ca.trim() === "" ? {} : { ca: draft.ca }),
  }
}

/** Whether a check of the saved target is a check of the draft. */
function isSaved(target: Target, draft: TargetDraft): boolean {
  const { name, naming, shared, ...matters } = changesOf(target, draft, true)
  return Object.keys(matters).length === 0
}

function hostOf(address: string): string | undefined {
  try {
    return parseTargetBase(address).host
  } catch {
    return undefined
  }
}
