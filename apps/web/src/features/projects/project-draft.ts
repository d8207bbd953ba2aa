import type { Project } from "@entrepot/client"
import { looksLikeHost } from "@entrepot/core/reference"

/** A project as it is being typed. */
export interface ProjectDraft {
  readonly name: string
  readonly isPublic: boolean
  /** Null: this server's own registry. */
  readonly targetId: number | null
  /** Where its images begin at a target; empty for the project's name. */
  readonly path: string
}

/** What the form begins with: a project that is there, or nothing. */
export function draftOf(project: Project | undefined): ProjectDraft {
  return {
    name: project?.name ?? "",
    isPublic: project?.isPublic ?? false,
    targetId: project?.targetId ?? null,
    path: project === undefined || project.path === project.name ? "" : project.path,
  }
}

/** What is asked to be made. */
export function inputOf({ name, isPublic, targetId, path }: ProjectDraft) {
  return {
    name: name.trim(),
    isPublic,
    targetId,
    ...(targetId === null || path.trim() === "" ? {} : { path: path.trim() }),
  }
}

/** What the draft changes about a project, and nothing else of it; undefined where it changes nothing. */
export function changesOf(project: Project, { isPublic, targetId, path }: ProjectDraft) {
  const wanted = path.trim() === "" ? project.name : path.trim()
  const changes = {
    ...(isPublic === project.isPublic ? {} : { isPublic }),
    ...(targetId === project.targetId ? {} : { targetId }),
    ...(targetId === null || wanted === project.path ? {} : { path: wanted }),
  }
  return Object.keys(changes).length === 0 ? undefined : changes
}

const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/

/** What is wrong with a name: it is none, or one by which images of other registries are asked for. */
export function nameProblemOf(name: string): "invalid" | "reserved" | undefined {
  if (!component.test(name) || /^\d+$/.test(name)) return "invalid"
  return looksLikeHost(name) || name === "library" || name === "v2" ? "reserved" : undefined
}

/** Whether images can lie below that path; an empty one stands for the project's name. */
export function isPath(path: string): boolean {
  return path === "" || path.split("/").every((part) => component.test(part))
}
