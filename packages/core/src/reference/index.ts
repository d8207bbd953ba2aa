export { type Collision, findCollisions, type NamedPair, refuseCollisions } from "./collisions.ts"
export {
  formatCanonical,
  formatFamiliar,
  formatFamiliarName,
  imageNameOf,
  namespaceOf,
  referenceTarget,
  registryHost,
} from "./format.ts"
export { type NamingRule, nameTarget, parseNamingRule, type TargetBase } from "./naming.ts"
export { parsePasted } from "./pasted.ts"
export { checkReference, parseReference, type Reference } from "./reference.ts"
export { findPathProblem, looksLikeHost, normalizeHost } from "./scan.ts"
export { parseTargetBase } from "./target-base.ts"
export { namesHost, parseTargetImage } from "./target-image.ts"
