/** The table of image names: tests run it, docs/references.md shows it. */
export interface ReferenceCase {
  readonly input: string
  readonly canonical: string
  readonly familiar: string
  readonly registry: string
  readonly repository: string
  readonly tag?: string
  readonly digest?: string
}

export interface RefusedCase {
  readonly input: string
  /** Whole message and hint of the error. */
  readonly message: string
  readonly hint: string
}

const sha256 = `sha256:${"0123456789abcdef".repeat(4)}`
const sha512 = `sha512:${"0123456789abcdef".repeat(8)}`
const anyHint = "image names look like nginx:1.27 or registry.example.com/team/app:v1"

function hub(input: string, repository: string, familiar: string, rest: { tag?: string; digest?: string }): ReferenceCase {
  const suffix = `${rest.tag === undefined ? "" : `:${rest.tag}`}${rest.digest === undefined ? "" : `@${rest.digest}`}`
  return {
    input,
    canonical: `docker.io/${repository}${suffix}`,
    familiar: familiar + suffix,
    registry: "docker.io",
    repository,
    ...rest,
  }
}

function other(
  input: string,
  registry: string,
  repository: string,
  rest: { tag?: string; digest?: string } = { tag: "latest" },
): ReferenceCase {
  const suffix = `${rest.tag === undefined ? "" : `:${rest.tag}`}${rest.digest === undefined ? "" : `@${rest.digest}`}`
  const name = `${registry}/${repository}${suffix}`
  return { input, canonical: name, familiar: name, registry, repository, ...rest }
}

export const referenceCases: readonly ReferenceCase[] = [
  hub("nginx", "library/nginx", "nginx", { tag: "latest" }),
  hub("nginx:1.20", "library/nginx", "nginx", { tag: "1.20" }),
  hub("docker.io/library/nginx", "library/nginx", "nginx", { tag: "latest" }),
  hub("library/nginx", "library/nginx", "nginx", { tag: "latest" }),
  hub("bitnami/redis:7", "bitnami/redis", "bitnami/redis", { tag: "7" }),
  hub("index.docker.io/nginx", "library/nginx", "nginx", { tag: "latest" }),
  hub("registry-1.docker.io/library/nginx", "library/nginx", "nginx", { tag: "latest" }),
  hub("registry.hub.docker.com/bitnami/redis", "bitnami/redis", "bitnami/redis", { tag: "latest" }),
  hub("localhost:5000", "library/localhost", "localhost", { tag: "5000" }),
  hub("a/b/c/d", "a/b/c/d", "a/b/c/d", { tag: "latest" }),
  hub("docker.io/my.team/app", "my.team/app", "docker.io/my.team/app", { tag: "latest" }),
  hub(`nginx@${sha256}`, "library/nginx", "nginx", { digest: sha256 }),
  hub(`nginx:1.20@${sha256}`, "library/nginx", "nginx", { tag: "1.20", digest: sha256 }),
  hub(`nginx@${sha512}`, "library/nginx", "nginx", { digest: sha512 }),
  hub("nginx:V_1.0-Beta", "library/nginx", "nginx", { tag: "V_1.0-Beta" }),
  other("gcr.io/google-containers/pause:3.2", "gcr.io", "google-containers/pause", { tag: "3.2" }),
  other("quay.io/prometheus/prometheus:latest", "quay.io", "prometheus/prometheus"),
  other("localhost/x", "localhost", "x"),
  other("localhost:5000/x", "localhost:5000", "x"),
  other("registry:5000/x:y", "registry:5000", "x", { tag: "y" }),
  other("192.168.1.10:5000/team/app", "192.168.1.10:5000", "team/app"),
  other("[::1]:5000/x", "[::1]:5000", "x"),
  other("[2001:db8::1]/team/x:1", "[2001:db8::1]", "team/x", { tag: "1" }),
  other("GHCR.io/owner/img", "ghcr.io", "owner/img"),
  other("Registry/x", "Registry", "x"),
  other("example.com/a.b/c_d/e__f/g-h/i--j", "example.com", "a.b/c_d/e__f/g-h/i--j"),
  other(`example.com/x@multihash+base58:${"0".repeat(32)}`, "example.com", "x", { digest: `multihash+base58:${"0".repeat(32)}` }),
]

export const refusedCases: readonly RefusedCase[] = [
  { input: "", message: '"" is not an image name: it is empty', hint: anyHint },
  { input: "Nginx", message: '"Nginx" is not an image name: repository names are lowercase', hint: 'did you mean "nginx"?' },
  {
    input: "gcr.io/Team/App:V1",
    message: '"gcr.io/Team/App:V1" is not an image name: repository names are lowercase',
    hint: 'did you mean "gcr.io/team/app:V1"?',
  },
  { input: "nginx:", message: '"nginx:" is not an image name: there is no tag after ":"', hint: 'did you mean "nginx"?' },
  { input: "nginx:-1", message: '"nginx:-1" is not an image name: a tag cannot begin with "-"', hint: 'did you mean "nginx:1"?' },
  { input: "nginx:1:2", message: '"nginx:1:2" is not an image name: ":" cannot stand in a tag', hint: anyHint },
  {
    input: "nginx 1.20",
    message: '"nginx 1.20" is not an image name: it has a blank inside',
    hint: 'did you mean "nginx:1.20"?',
  },
  {
    input: "nginx：1.20",
    message: '"nginx：1.20" is not an image name: "：" cannot stand in a repository name',
    hint: 'did you mean "nginx:1.20"?',
  },
  {
    input: "/nginx",
    message: '"/nginx" is not an image name: a part of the repository name is empty: there is a "/" too many',
    hint: 'did you mean "nginx"?',
  },
  {
    input: "gcr.io//pause",
    message: '"gcr.io//pause" is not an image name: a part of the repository name is empty: there is a "/" too many',
    hint: 'did you mean "gcr.io/pause"?',
  },
  {
    input: "bitnami/redis/",
    message: '"bitnami/redis/" is not an image name: a part of the repository name is empty: there is a "/" too many',
    hint: 'did you mean "bitnami/redis"?',
  },
  { input: "gcr.io/", message: '"gcr.io/" is not an image name: there is no repository name', hint: anyHint },
  {
    input: "_nginx",
    message: '"_nginx" is not an image name: a part of the repository name begins with "_"',
    hint: 'did you mean "nginx"?',
  },
  {
    input: "nginx-",
    message: '"nginx-" is not an image name: a part of the repository name ends with "-"',
    hint: 'did you mean "nginx"?',
  },
  { input: "a___b", message: '"a___b" is not an image name: "___" cannot stand inside a repository name', hint: anyHint },
  { input: "a..b", message: '"a..b" is not an image name: ".." cannot stand inside a repository name', hint: anyHint },
  {
    input: "0123456789abcdef".repeat(4),
    message: `"${"0123456789abcdef".repeat(4)}" is not an image name: 64 hex digits are the id of an image, not its name`,
    hint: anyHint,
  },
  {
    input: "nginx@sha256:0123",
    message: '"nginx@sha256:0123" is not an image name: a sha256 digest has 64 hex digits, this one has 4',
    hint: 'did you mean "nginx"?',
  },
  {
    input: `nginx@${sha256.toUpperCase().replace("SHA", "sha")}`,
    message: `"nginx@${sha256.toUpperCase().replace("SHA", "sha")}" is not an image name: a sha256 digest is written in lowercase`,
    hint: `did you mean "nginx@${sha256}"?`,
  },
  {
    input: "nginx@1.20",
    message: '"nginx@1.20" is not an image name: after "@" a digest like sha256:… must follow',
    hint: 'did you mean "nginx:1.20"?',
  },
  {
    input: "::1/x",
    message: '"::1/x" is not an image name: an IPv6 address is written in brackets, as in [::1]:5000',
    hint: 'did you mean "[::1]/x"?',
  },
  {
    input: "[fe80::1%eth0]/x",
    message: '"[fe80::1%eth0]/x" is not an image name: an IPv6 address in an image name has no zone',
    hint: anyHint,
  },
  { input: "[1:2]/x", message: '"[1:2]/x" is not an image name: [1:2] is not an IPv6 address', hint: anyHint },
  { input: "registry:70000/x", message: '"registry:70000/x" is not an image name: "70000" is not a port', hint: anyHint },
  {
    input: "my_registry.example.com/x",
    message:
      '"my_registry.example.com/x" is not an image name: my_registry.example.com is not a host name: it has characters besides letters, digits, "-" and "."',
    hint: anyHint,
  },
  {
    input: "https://gcr.io/pause",
    message: '"https://gcr.io/pause" is not an image name: it is a web address',
    hint: 'did you mean "gcr.io/pause"?',
  },
]

/** What people paste, and the image that they mean, in its familiar form. */
export const pastedCases: readonly (readonly [input: string, familiar: string])[] = [
  ["  nginx:1.20\n", "nginx:1.20"],
  ['"nginx:1.20"', "nginx:1.20"],
  ["`quay.io/prometheus/prometheus`", "quay.io/prometheus/prometheus:latest"],
  ["docker pull nginx:1.20", "nginx:1.20"],
  ["$ sudo docker pull nginx", "nginx:latest"],
  ["docker image pull --platform linux/arm64 -q alpine:3.20", "alpine:3.20"],
  ["docker --context far pull redis", "redis:latest"],
  ["podman pull --tls-verify=false docker.io/bitnami/redis:7", "bitnami/redis:7"],
  ["podman pull docker://quay.io/podman/hello", "quay.io/podman/hello:latest"],
  ["nerdctl -n k8s.io pull registry.k8s.io/pause:3.9", "registry.k8s.io/pause:3.9"],
  ["crictl pull gcr.io/google-containers/pause:3.2", "gcr.io/google-containers/pause:3.2"],
  ["ctr -n k8s.io images pull docker.io/library/nginx:1.20", "nginx:1.20"],
  ["docker run -d --name web -p 80:80 -e A=b -v/a:/b nginx:1.20 nginx -g 'daemon off;'", "nginx:1.20"],
  ["docker run -it --rm alpine sh", "alpine:latest"],
  ["FROM --platform=$BUILDPLATFORM nginx:1.25 AS web", "nginx:1.25"],
  ["image: nginx:1.25", "nginx:1.25"],
  ['  - image: "ghcr.io/owner/img:v1" # the server', "ghcr.io/owner/img:v1"],
  ["docker://nginx:1.20", "nginx:1.20"],
  ["https://hub.docker.com/_/nginx", "nginx:latest"],
  ["https://hub.docker.com/_/nginx/tags?name=1.25", "nginx:latest"],
  ["hub.docker.com/_/nginx", "nginx:latest"],
  ["https://hub.docker.com/r/bitnami/redis/tags", "bitnami/redis:latest"],
  ["https://hub.docker.com/layers/library/nginx/1.25/images/sha256-0123", "nginx:1.25"],
  ["https://hub.docker.com/layers/bitnami/redis/7.2/images/sha256-0123?context=explore", "bitnami/redis:7.2"],
  ["https://hub.docker.com/repository/docker/bitnami/redis/general", "bitnami/redis:latest"],
  ["https://quay.io/repository/prometheus/prometheus", "quay.io/prometheus/prometheus:latest"],
  ["https://quay.io/repository/prometheus/prometheus?tab=tags&tag=v2.40.0", "quay.io/prometheus/prometheus:v2.40.0"],
  ["quay.io/repository/prometheus/prometheus?tab=tags", "quay.io/prometheus/prometheus:latest"],
  [`https://quay.io/repository/prometheus/prometheus/manifest/${sha256}`, `quay.io/prometheus/prometheus@${sha256}`],
  ["https://quay.io/prometheus/prometheus:v2.40.0", "quay.io/prometheus/prometheus:v2.40.0"],
  ["https://ghcr.io/owner/img", "ghcr.io/owner/img:latest"],
  ["https://github.com/Owner/Repo/pkgs/container/img", "ghcr.io/owner/img:latest"],
  ["https://github.com/owner/repo/pkgs/container/repo%2Fimg/12345?tag=v1.2", "ghcr.io/owner/repo/img:v1.2"],
  ["https://github.com/orgs/owner/packages/container/package/img", "ghcr.io/owner/img:latest"],
  ["https://gcr.io/google-containers/pause:3.2", "gcr.io/google-containers/pause:3.2"],
  ["https://gallery.ecr.aws/nginx/nginx", "public.ecr.aws/nginx/nginx:latest"],
  ["http://localhost:5000/team/app:1", "localhost:5000/team/app:1"],
  ["https://registry-1.docker.io/v2/library/nginx/manifests/1.20", "nginx:1.20"],
]

/** Pasted texts that name no image. */
export const refusedPastes: readonly RefusedCase[] = [
  {
    input: "Nginx",
    message: '"Nginx" is not an image name: repository names are lowercase',
    hint: 'did you mean "nginx"?',
  },
  { input: "docker pull", message: '"docker pull" is not an image name: the command names no image', hint: anyHint },
  {
    input: "https://hub.docker.com/search?q=nginx",
    message: '"https://hub.docker.com/search?…" is not an image name: this page does not show one image',
    hint: anyHint,
  },
  {
    input: "https://github.com/owner/repo",
    message: '"https://github.com/owner/repo" is not an image name: this page does not show one image',
    hint: anyHint,
  },
  {
    input: "https://ghcr.io/Owner/img",
    message: '"https://ghcr.io/Owner/img" is not an image name: repository names are lowercase',
    hint: 'did you mean "ghcr.io/owner/img:latest"?',
  },
  {
    input: "https://user:hunter2@ghcr.io/Owner/img?token=abc",
    message: '"https://***@ghcr.io/Owner/img?…" is not an image name: repository names are lowercase',
    hint: 'did you mean "ghcr.io/owner/img:latest"?',
  },
]

export interface NamingCase {
  readonly rule: string
  readonly source: string
  /** As `--to` takes it. */
  readonly to: string
  readonly target: string
}

const naming = (rule: string, source: string, target: string, to = "harbor.example.com"): NamingCase => ({
  rule,
  source,
  to,
  target,
})

export const namingCases: readonly NamingCase[] = [
  naming("default", "nginx:latest", "harbor.example.com/proxy/nginx:latest"),
  naming("default", "nginx", "harbor.example.com/mirror/nginx:latest", "harbor.example.com/mirror"),
  naming("default", "nginx", "registry.example.com:5000/team/a/nginx:latest", "https://registry.example.com:5000/team/a/"),
  naming("default", "gcr.io/google-containers/pause:3.2", "harbor.example.com/proxy/gcr.io/google-containers/pause:3.2"),
  naming("default", "quay.io/prometheus/prometheus:v2.40.0", "harbor.example.com/proxy/quay.io/prometheus/prometheus:v2.40.0"),
  naming("default", "bitnami/redis:7", "harbor.example.com/proxy/bitnami/redis:7"),
  naming("default", "registry:5000/x", "harbor.example.com/proxy/registry_5000/x:latest"),
  naming("default", "[::1]:5000/x", "harbor.example.com/proxy/ipv6-0--1_5000/x:latest"),
  naming("default", `nginx@${sha256}`, "harbor.example.com/proxy/nginx:sha256-0123456789ab"),
  naming("default", `nginx:1.20@${sha256}`, "harbor.example.com/proxy/nginx:1.20"),
  naming("flat", "nginx:latest", "harbor.example.com/proxy/nginx:latest"),
  naming("flat", "bitnami/redis:7", "harbor.example.com/proxy/bitnami_redis:7"),
  naming("flat", "gcr.io/google-containers/pause:3.2", "harbor.example.com/proxy/gcr.io_google-containers_pause:3.2"),
  naming("flat", "registry:5000/x", "harbor.example.com/proxy/registry_5000_x:latest"),
  naming("basename", "gcr.io/google-containers/pause:3.2", "harbor.example.com/proxy/pause:3.2"),
  naming("{registry}/{namespace}/{repository}", "nginx:1.20", "harbor.example.com/proxy/docker.io/library/nginx:1.20"),
  naming("{registry}/{namespace}/{repository}", "registry:5000/x", "harbor.example.com/proxy/registry_5000/x:latest"),
  naming("{repository}:{tag}-mirrored", "quay.io/prometheus/prometheus:v2", "harbor.example.com/proxy/prometheus:v2-mirrored"),
  naming("{repository}-{tag}:latest", "redis:7", "harbor.example.com/proxy/redis-7:latest"),
]
