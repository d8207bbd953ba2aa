import type { Locale } from "./locale.ts"

/** Hints that always read the same. */
const fixed: Readonly<Record<string, string>> = {
  "write it as https://mirror.example.com, without user and password": "请写成 https://mirror.example.com，不要包含用户名和密码",
  "write it as HOST[/PROJECT], or save it with: entrepot targets add": "请写成 HOST[/PROJECT]，或先保存：entrepot targets add",
  "use an API key with the scope that this needs": "请使用具有相应权限范围的 API 密钥",
  "name it with --to": "请用 --to 指定",
  "make one on the server's token page, and put it into ENTREPOT_TOKEN":
    "请在服务端的 Token 页面创建 API 密钥，并写入 ENTREPOT_TOKEN",
  "make an API key on the server's token page, and put it into ENTREPOT_TOKEN":
    "请在服务端的 Token 页面创建 API 密钥，并写入 ENTREPOT_TOKEN",
  "write the output of `openssl rand -base64 32` into a file, and name it in MASTER_KEY_FILE":
    "请把 openssl rand -base64 32 的输出写入文件，并用 MASTER_KEY_FILE 指定该文件",
  "name it by its number, which `targets` shows": "请使用 targets 显示的编号",
  "leave them away, or copy from here with --no-server": "请去掉这些选项，或用 --no-server 在本机传输",
  "leave the login away here": "此处请不要再给用户名和密码",
  "give them to the application: add --server, with its address": "请把凭据交给服务：加上 --server 及其地址",
  "build it with `npx -y pnpm@12 build`, or build and start it with `npx -y pnpm@12 start`":
    "请先运行 npx -y pnpm@12 build 构建，或用 npx -y pnpm@12 start 构建并启动",
  "add --server URL": "请加上 --server URL",
  "`targets` lists those there are": "用 targets 查看现有的目标仓库",
  "`docker images` lists what it has": "用 docker images 查看现有镜像",
  "`list` shows what the cache has": "用 list 查看缓存中的镜像",
  "`list` shows what the cache has; `pull` brings an image into it": "用 list 查看缓存中的镜像，用 pull 把镜像存入缓存",
  "DOCKER_HOST or DOCKER_CERT_PATH is wrong": "DOCKER_HOST 或 DOCKER_CERT_PATH 设置有误",
  "HOST or HOST:PORT": "格式为 HOST 或 HOST:PORT",
  "a PEM file begins with -----BEGIN": "PEM 文件以 -----BEGIN 开头",
  "a digest is sha256: and 64 hexadecimal digits": "摘要由 sha256: 和 64 位十六进制数字组成",
  "a part of the path is a file, not a directory": "路径中有一段是文件，不是目录",
  "a tag has letters, digits, dots, hyphens and underscores, at most 128 of them":
    "标签只能包含字母、数字、点、连字符和下划线，最多 128 个字符",
  "add --password-stdin or ENTREPOT_PASSWORD": "请加上 --password-stdin，或设置 ENTREPOT_PASSWORD",
  "add --source-password-stdin or ENTREPOT_SOURCE_PASSWORD": "请加上 --source-password-stdin，或设置 ENTREPOT_SOURCE_PASSWORD",
  "add --source-username": "请加上 --source-username",
  "add --username": "请加上 --username",
  "avoid a repetition inside a repetition, as in (a+)+": "避免嵌套重复，例如 (a+)+",
  "check that Docker runs, and that you may use its socket": "请确认 Docker 正在运行，且您有权使用它的 socket",
  "check that the address is a registry": "请确认该地址是镜像仓库",
  "check the spelling, or list the tags that are there": "请检查拼写，或列出现有标签",
  "check the address, the network, and whether a proxy is needed": "请检查地址、网络，以及是否需要代理",
  "check the path": "请检查路径",
  "name the registry that images are to come from": "请写明镜像来自哪个仓库",
  "use the direct engine, which needs no Docker": "请使用直传引擎，它不需要 Docker",
  "give the project a target, or make another one": "请为该项目设置目标仓库，或另建一个项目",
  "name one that is there: HOST/PROJECT/IMAGE; an administrator makes projects":
    "请写一个已有的项目：HOST/PROJECT/IMAGE；项目由管理员创建",
  "check user and password of the registry": "请检查仓库的用户名和密码",
  "check user name and password": "请检查用户名和密码",
  "check who may read and write there": "请检查该位置的读写权限",
  "choose another naming rule, or name one of them yourself": "请换一种命名规则，或单独指定其中一个的名称",
  "choose one with --platform, for example --platform linux/amd64": "用 --platform 选择一个平台，例如 --platform linux/amd64",
  "delete the manifest by its digest; all its tags go with it": "请按摘要删除清单；它的所有标签会一并删除",
  "fetch the image again": "请重新获取镜像",
  "free disk space where the Docker daemon keeps its images, then try again": "请清理 Docker 存放镜像的磁盘，然后重试",
  "give --cert and --key together": "--cert 和 --key 要一起使用",
  "give both, or neither": "请同时填写，或都留空",
  "give it a tag instead": "请改用标签",
  "give it one: --repository library/app --reference v1": "请指定名称：--repository library/app --reference v1",
  "give its repository too": "请同时给出镜像名",
  "have the registry name its token server with https": "请让仓库用 https 指定它的令牌服务器",
  "image names look like nginx:1.27 or registry.example.com/team/app:v1":
    "镜像名的形式如 nginx:1.27 或 registry.example.com/team/app:v1",
  "leave --repository away: each image keeps its name": "请去掉 --repository：每个镜像保留自己的名称",
  "leave the colon away, or write a tag after it": "请去掉冒号，或在后面写上标签",
  "leave the colon away, or write the image's name after it": "请去掉冒号，或在后面写上镜像名",
  "leave the digest out": "请去掉摘要",
  "leave the tag away": "请去掉标签",
  "leave them away, or use --engine direct": "请去掉它们，或使用 --engine direct",
  "letters, digits, - and _ only, as in docker-credential-NAME": "只能用字母、数字、- 和 _，如 docker-credential-NAME",
  "log in to each of them with entrepot login, and leave the login away here":
    "请用 entrepot login 分别登录，此处不要再给用户名和密码",
  "log in to the registry, or try again later": "请登录仓库，或稍后再试",
  "make one with `docker save -o FILE IMAGE`": "可用 docker save -o FILE IMAGE 生成",
  "make or download the archive again": "请重新生成或下载归档",
  "make room there, or name another temporary directory": "请清理该磁盘，或指定其他临时目录",
  "make the certificate known to the Docker daemon, or list the registry in its insecure-registries":
    "请让 Docker 信任该证书，或把仓库加入 insecure-registries",
  "name a layout as skopeo, buildah, oras or `copy … oci:DIR` make them":
    "请指定由 skopeo、buildah、oras 或 copy … oci:DIR 生成的目录",
  "name a target, or set a default target": "请指定目标仓库，或配置默认目标仓库",
  "name one platform, or use the direct engine": "请只指定一个平台，或使用 direct 引擎",
  "name one, as in: entrepot mirror nginx --to harbor.example.com/proxy":
    "请指定镜像，例如：entrepot mirror nginx --to harbor.example.com/proxy",
  "name the registry that images are to come from, or go to": "请填写镜像来源或去向的仓库",
  "name the same registry in both, or leave the registry away in the image's name":
    "两处请填写同一个仓库，或在镜像名称中省略仓库",
  "push the image again with a current Docker to get a schema 2 manifest": "请用新版 Docker 重新推送，以得到 schema 2 清单",
  "put the password into ENTREPOT_PASSWORD, or the list into a file": "请把密码放进 ENTREPOT_PASSWORD，或把列表放进文件",
  "remove the cache directory, or name another one with --cache-dir": "请删除缓存目录，或用 --cache-dir 指定其他目录",
  "repair or remove it": "请修复或删除它",
  "retry with the login, or save the password anew": "请填写登录信息后重试，或重新保存密码",
  "run it by hand to see what is wrong": "请手动运行它查看原因",
  "save the image with gzip layers, or as an OCI archive": "请以 gzip 层保存镜像，或保存为 OCI 归档",
  "split the list": "请拆分列表",
  "correct the YAML: only lines with `image:` were read of it": "请更正 YAML：目前只读取了其中的 image: 行",
  "paste what `helm template` prints": "请粘贴 helm template 的输出",
  "start one job for each registry that needs a login": "请为每个需要登录的仓库分别发起任务",
  "start the job anew with another target": "请换一个目标仓库重新发起任务",
  "write its tag, or paste what `helm template` or `kubectl kustomize` prints":
    "请写明标签，或粘贴 helm template、kubectl kustomize 的输出",
  "start the Docker daemon, or use the direct engine, which needs no Docker": "请启动 Docker，或使用不需要 Docker 的 direct 引擎",
  "the cache is empty; pull or extract first": "缓存为空，请先 pull 或 extract",
  "the disk is full: make room and start again, what is already there is kept": "磁盘已满：清理后重新运行，已完成的部分会保留",
  "the file is damaged: fetch the image again": "文件已损坏，请重新获取镜像",
  "the file system is read-only": "文件系统是只读的",
  "the path is a directory, not a file": "该路径是目录，不是文件",
  "the quota is used up: make room and start again, what is already there is kept":
    "磁盘配额已用完：清理后重新运行，已完成的部分会保留",
  "the registry has trouble of its own; try again later": "仓库自身出现故障，请稍后再试",
  "the registry or a proxy before it limits the size of a request": "仓库或其前面的代理限制了请求大小",
  "the repository does not exist, or needs credentials": "镜像不存在，或需要登录",
  "this account may not push there": "该账号没有推送权限",
  "this account may not read there": "该账号没有读取权限",
  "this user may not use the socket of the Docker daemon; join its group, or use the direct engine, which needs no Docker":
    "当前用户无权使用 Docker 的 socket：请加入 docker 用户组，或使用不需要 Docker 的 direct 引擎",
  "there was no answer in time": "在规定时间内没有响应",
  "too many files are open: raise `ulimit -n`": "打开的文件过多：请调大 ulimit -n",
  "use --naming, or a list with IMAGE -> TARGET": "请使用 --naming，或在列表中写 镜像 -> 目标",
  "use a shorter one": "请用短一些的",
  "use another --cache-dir for this image": "请为该镜像换一个 --cache-dir",
  "use default, flat, basename, or a template like {registry}/{namespace}/{repository}":
    "请使用 default、flat、basename，或模板，如 {registry}/{namespace}/{repository}",
  "use oci: or oci-archive: for it": "请使用 oci: 或 oci-archive:",
  "use the direct engine for a plan": "预览请使用 direct 引擎",
  "use the direct engine, which copies between any two places": "请使用 direct 引擎，它可在任意两处之间复制",
  "wait until it is done and try again": "请等它结束后重试",
  "wait, or log in: signed-in users often have a higher limit": "请稍候，或登录：登录用户的限额通常更高",
  "wait, or sign in: most registries allow more to accounts": "请稍候，或登录：多数仓库对登录用户的限额更高",
  "write HOST or HOST/PROJECT, as in harbor.example.com/proxy": "格式为 HOST 或 HOST/PROJECT，例如 harbor.example.com/proxy",
  "write cache:library/nginx:latest": "格式为 cache:library/nginx:latest",
  "write docker-daemon:nginx:latest": "格式为 docker-daemon:nginx:latest",
  "write it as http://host:port, https://host:port or socks5h://host:port":
    "格式为 http://host:port、https://host:port 或 socks5h://host:port",
  "write it like library/nginx or gcr.io/google-containers/pause": "形式如 library/nginx 或 gcr.io/google-containers/pause",
  "write one image a line, with its target behind an arrow where it needs one of its own":
    "每行一个镜像；需要单独指定目标时写在箭头之后",
  "write os/architecture[/variant], for example linux/arm64": "格式为 os/architecture[/variant]，例如 linux/arm64",
  "write the path without it": "请去掉它",
  "write unix:///var/run/docker.sock or tcp://host:2375": "格式为 unix:///var/run/docker.sock 或 tcp://host:2375",
  "write user and password into the proxy's address: http://user:password@host:port":
    "请把用户名和密码写进代理地址：http://user:password@host:port",
  "write :@0 for the first image of the archive": "归档中的第一个镜像写作 :@0",
  "if this certificate is right, give the file of its CA; --tls-verify=false accepts any certificate of this host":
    "如果该证书可信，请用 --ca 指定其 CA 文件；--tls-verify=false 会接受该主机的任何证书",
}

/** Hints with a name in them. `$1` and `$2` are what stands there. */
const withNames: readonly (readonly [RegExp, string])[] = [
  [/^did you mean (.+)\?$/s, "您是不是想输入 $1？"],
  [/^it has:? none that is named$/, "其中没有标明平台的镜像"],
  [/^it has:? (.+)$/s, "现有：$1"],
  [/^name one of them: (.+)$/s, "请指定其中一个：$1"],
  [/^write the value in its place, or give it a default: (.+)$/s, "请直接写出它的值，或给出默认值：$1"],
  [/^use one of (.+)$/s, "请使用以下形式之一：$1"],
  [/^log in to (.+)$/s, "请登录 $1"],
  [/^check user name and password for (.+)$/s, "请检查 $1 的用户名和密码"],
  [
    /^the credentials for (.+) were not sent to its token server (.+), which belongs to another domain$/s,
    "$1 的令牌服务器 $2 属于其他域名，因此没有向它发送凭据",
  ],
  [/^write (docker-archive:.+)$/s, "格式为 $1"],
  [/^unpack it first: (.+)$/s, "请先解压：$1"],
  [/^a layout in a directory is (.+)$/s, "目录形式的镜像写作 $1"],
  [/^it is an OCI archive: use (.+)$/s, "这是 OCI 归档，请使用 $1"],
  [/^install (.+), or take it out of Docker's config\.json$/s, "请安装 $1，或从 Docker 的 config.json 中去掉它"],
  [/^put (.+) before the repository: (.+)$/s, "请把 $1 写在镜像名之前：$2"],
  [/^quote it for the shell: (.+)$/s, "请为 shell 加上引号：$1"],
  [/^pipe the password in: (.+)$/s, "请用管道传入密码：$1"],
]

/** A hint in the reader's language; one that has no Chinese here stays as it is. */
export function describeHint(hint: string, locale: Locale): string {
  if (locale !== "zh") return hint
  const known = Object.hasOwn(fixed, hint) ? fixed[hint] : undefined
  if (known !== undefined) return known
  const found = withNames.find(([pattern]) => pattern.test(hint))
  return found === undefined ? hint : hint.replace(...found)
}
