import type { SetupChoices } from "./setup-choices.ts"

/** Those that can stand in an image's name behind this server's own: a port cannot. */
export function registriesByName({ registries }: SetupChoices): readonly string[] {
  return registries.filter((registry) => !registry.includes(":"))
}

/** Whether Docker's mirrors, which are for Docker Hub alone and name no registry, would be answered with Docker Hub. */
export function mirrorsHub({ registries, defaultRegistry }: SetupChoices): boolean {
  return defaultRegistry === "docker.io" && registries.includes("docker.io")
}
