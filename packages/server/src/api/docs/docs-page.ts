import { docsScript } from "./docs-script.ts"
import { docsStyle } from "./docs-style.ts"

/** A page to read and try the interface. Self-contained; what it runs and how it looks carries `nonce`, and it asks nobody but us. */
export function docsPage(nonce: string): string {
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Entrepot API</title>
<style nonce="${nonce}">${docsStyle}</style>
</head>
<body>
<header>
<h1>Entrepot <span>API</span></h1>
<label class="key"><span data-zh="API 密钥" data-en="API key"></span>
<input id="key" type="password" autocomplete="off" spellcheck="false" placeholder="ept_…"></label>
<button id="language" type="button"></button>
</header>
<main id="operations" aria-live="polite"></main>
<noscript>openapi.json: <a href="/api/openapi.json">/api/openapi.json</a></noscript>
<script nonce="${nonce}">${docsScript}</script>
</body>
</html>
`
}
