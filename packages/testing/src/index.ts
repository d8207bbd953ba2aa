export { type BlobContent, contentBytes, contentDigest, memoryContent } from "./images/blob-content.ts"
export {
  type ArtifactOptions,
  artifact,
  cosignObject,
  type Descriptor,
  digestOf,
  type ImageOptions,
  image,
  index,
  type Platform,
  rawImage,
  type TestImage,
} from "./images/image.ts"
export { type Layer, type LayerOptions, layer, layerOfFiles } from "./images/layer.ts"
export { PseudoRandom } from "./images/pseudo-random.ts"
export { printingProgram, runnableImage } from "./images/runnable-image.ts"
export { tarArchive, tarHeader, tarPadding } from "./images/tar-entry.ts"
export { type Listening, listenOnLoopback } from "./listen.ts"
export { type CountedRequest, type CountingProxy, countingProxy } from "./proxy/counting-proxy.ts"
export { type FaultGateway, faultGateway } from "./proxy/fault-gateway.ts"
export { type FaultProxy, faultProxy, type ProxyRule } from "./proxy/fault-proxy.ts"
export type { LinkOptions } from "./proxy/link-model.ts"
export { type LinkProxy, linkProxy } from "./proxy/link-proxy.ts"
export type { Direction } from "./proxy/pump.ts"
export { buildProgram } from "./real/build-program.ts"
export { type Containerd, containerd } from "./real/containerd.ts"
export { type DockerDaemon, type DockerDaemonOptions, dockerDaemon } from "./real/docker-daemon.ts"
export { type DockerRegistry, type DockerRegistryOptions, dockerRegistry } from "./real/docker-registry.ts"
export { freePort } from "./real/free-port.ts"
export { needs } from "./real/needs.ts"
export { type Nginx, nginx } from "./real/nginx.ts"
export { type Podman, podman } from "./real/podman.ts"
export { needsPostgres, type PostgresServer, postgresServer } from "./real/postgres-server.ts"
export { runProgram } from "./real/run-program.ts"
export { type SigningTokenServer, type SigningTokenServerOptions, signingTokenServer } from "./real/signing-token-server.ts"
export { skopeo } from "./real/skopeo.ts"
export { type ServerCertificate, type TestCa, testCa } from "./real/test-ca.ts"
export { which } from "./real/which.ts"
export { bareLineFeed429, type Fault, type FaultRule } from "./registry/fault.ts"
export type { BasicAuth, Quirks, TestRegistryOptions, TokenAuth, Users } from "./registry/registry-options.ts"
export type { LoggedRequest } from "./registry/request-log.ts"
export { type TestRegistry, testRegistry } from "./registry/test-registry.ts"
export { type Answer, RegistryClient } from "./registry-client.ts"
