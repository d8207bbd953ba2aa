export {
  formatCanonical,
  formatFamiliar,
  formatFamiliarName,
  imageNameOf,
  namespaceOf,
  referenceTarget,
  registryHost,
} from "./format.ts"
export { checkReference, parseReference, type Reference } from "./reference.ts"
