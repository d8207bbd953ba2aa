import type { Answers, StoredImage } from "@entrepot/client"
import { digestOf, noon } from "./jobs.ts"

const mib = 1024 * 1024
const day = 86_400_000

/** Projects: the common one, a private one, and one with a name and a path that need room. */
export const projects: Answers["projects"]["list"] = [
  { id: 1, name: "proxy", ownerId: 1, targetId: null, path: "proxy", createdAt: noon - 90 * day, isPublic: true },
  { id: 2, name: "team", ownerId: 2, targetId: null, path: "team", createdAt: noon - 40 * day, isPublic: false },
  {
    id: 3,
    name: "payment-gateway-of-the-southern-region-with-a-long-name",
    ownerId: 2,
    targetId: 1,
    path: "southern/payment-gateway/images",
    createdAt: noon - 3 * day,
    isPublic: false,
  },
]

export const members: Answers["projects"]["members"]["list"] = [
  { projectId: 2, kind: "web-user", memberId: 3, role: "push" },
  { projectId: 2, kind: "pull-user", memberId: 1, role: "pull" },
  { projectId: 2, kind: "web-user", memberId: 77, role: "pull" },
]

const usualRepository = {
  id: 1,
  name: "team/shop/api",
  projectId: 2,
  registry: null,
  shared: true,
  createdAt: noon - 20 * day,
  usedAt: noon - 7_200_000,
  tags: 14,
  manifests: 31,
  bytes: 1_420 * mib,
}

export const repositories: Answers["registry"]["repositories"] = {
  repositories: [
    usualRepository,
    { ...usualRepository, id: 2, name: "team/shop/frontend", tags: 1, manifests: 3, bytes: 48 * mib, usedAt: noon - 9 * day },
    { ...usualRepository, id: 3, name: "team/attic", tags: 0, manifests: 2, bytes: 3_100, usedAt: noon - 300 * day },
    {
      ...usualRepository,
      id: 4,
      name: "team/sig-storage/csi-node-driver-registrar-with-a-very-long-name-that-wraps",
      projectId: null,
      registry: "registry.k8s.io",
      shared: false,
      bytes: 96 * mib,
    },
  ],
  next: "team/shop/frontend",
}

export const tags: Answers["registry"]["tags"] = {
  tags: [
    { name: "2.4.1", digest: digestOf("a"), checkedAt: noon, updatedAt: noon - 3_600_000 },
    { name: "latest", digest: digestOf("a"), checkedAt: noon, updatedAt: noon - 3_600_000 },
    {
      name: "2.4.0-rc.12_build.20261121-feature-with-a-very-long-branch-name-that-somebody-chose",
      digest: digestOf("b"),
      checkedAt: noon,
      updatedAt: noon - 6 * day,
    },
  ],
  next: "latest",
}

const usualManifest = {
  digest: digestOf("a"),
  mediaType: "application/vnd.oci.image.index.v1+json",
  sizeBytes: 1_862,
  artifactType: null,
  subject: null,
  annotations: null,
  createdAt: noon - day,
  usedAt: noon - 3_600_000,
}

export const manifests: Answers["registry"]["manifests"] = {
  manifests: [
    usualManifest,
    { ...usualManifest, digest: digestOf("c"), mediaType: "application/vnd.oci.image.manifest.v1+json" },
    {
      ...usualManifest,
      digest: digestOf("d"),
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      artifactType: "application/spdx+json",
      subject: digestOf("a"),
    },
  ],
  next: null,
}

const layers = [..."efgh"].map((character, index) => ({
  digest: digestOf(character),
  mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
  sizeBytes: (index * 9 + 1) * mib,
  isHere: index !== 2,
}))

/** For three platforms, of which one was never pulled; signed, with an SBOM. */
export const storedImage: StoredImage = {
  repository: "team/shop/api",
  digest: digestOf("a"),
  mediaType: "application/vnd.oci.image.index.v1+json",
  artifactType: null,
  createdAt: noon - day,
  usedAt: noon - 3_600_000,
  tags: ["2.4.1", "latest"],
  annotations: {
    "org.opencontainers.image.source": "https://git.example.com/shop/api",
    "org.opencontainers.image.revision": "9f2c1d7e5b3a4f6081c2d3e4f5a6b7c8d9e0f1a2",
    "org.opencontainers.image.description": "The shop's interface for other programs",
  },
  platforms: [
    { platform: "linux/amd64", digest: digestOf("i"), bytes: 62 * mib, layers },
    { platform: "linux/arm64/v8", digest: digestOf("j"), bytes: 58 * mib, layers: layers.slice(0, 3) },
    { platform: "linux/s390x", digest: digestOf("k"), bytes: null, layers: null },
  ],
  layers: null,
  referrers: [
    {
      digest: digestOf("d"),
      artifactType: "application/spdx+json",
      sizeBytes: 812_400,
      annotations: { "org.opencontainers.image.created": "2026-11-20T06:30:00Z" },
    },
    { digest: digestOf("l"), artifactType: "application/vnd.dev.cosign.artifact.sig.v1+json", sizeBytes: 912, annotations: null },
  ],
  removable: true,
}

/** A chart: no image, no platform, no tag. */
export const storedArtifact: StoredImage = {
  ...storedImage,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  artifactType: "application/vnd.cncf.helm.config.v1+json",
  tags: [],
  annotations: null,
  platforms: [],
  layers: layers.slice(0, 1).map((layer) => ({ ...layer, mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip" })),
  referrers: [],
  removable: false,
}

export const place: Answers["registry"]["place"] = {
  origin: "https://mirror.example.com",
  host: "mirror.example.com",
  project: "proxy",
  open: true,
  registries: ["docker.io", "gcr.io", "ghcr.io", "mcr.microsoft.com", "quay.io", "registry.k8s.io"],
  defaultRegistry: "docker.io",
}
