/** Which images a text names: a list, a compose file, Kubernetes manifests, Helm values. For browsers as well; it brings the `yaml` package along. */

export { findImages } from "./find-images.ts"
export type { FindLimits, FoundImage, FoundImages } from "./found-images.ts"
