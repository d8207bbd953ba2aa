/** The Docker engine's face, apart from the main entry: only who asks for it loads dockerode. */
export { createDockerEngine, type DockerEngineOptions } from "./docker-engine.ts"
