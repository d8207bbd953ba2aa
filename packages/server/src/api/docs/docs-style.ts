/** How the page of the interface looks: light and dark, from a telephone's width on. */
export const docsStyle = `
:root { --ink: #16202c; --soft: #5b6b7c; --line: #d9e0e7; --ground: #f6f8fa; --card: #fff; --sea: #0b6b8a; --good: #18794e; --bad: #b42318; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6ebf0; --soft: #93a3b3; --line: #2b3743; --ground: #0f151b; --card: #161e26; --sea: #5cc3e0; --good: #4cc38a; --bad: #f97066; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.55 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; }
header { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 12px 24px; align-items: center; padding: 12px 24px;
  background: var(--card); border-bottom: 1px solid var(--line); }
h1 { margin: 0; font-size: 19px; flex: 1; } h1 span { color: var(--soft); font-weight: 400; }
.key { display: flex; gap: 8px; align-items: center; color: var(--soft); }
main { max-width: 920px; margin: 0 auto; padding: 8px 24px 64px; }
h2 { margin: 32px 0 8px; font-size: 14px; letter-spacing: .06em; color: var(--soft); text-transform: uppercase; }
details { background: var(--card); border: 1px solid var(--line); border-radius: 8px; margin: 8px 0; }
summary { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; padding: 10px 14px; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary:focus-visible, button:focus-visible, input:focus-visible, textarea:focus-visible { outline: 2px solid var(--sea); outline-offset: 2px; }
.method { font: 600 12px/1 ui-monospace, monospace; width: 54px; color: var(--sea); }
.method.POST { color: var(--good); } .method.DELETE { color: var(--bad); }
.path { font: 14px ui-monospace, monospace; overflow-wrap: anywhere; }
.what { color: var(--soft); margin-left: auto; }
.inside { border-top: 1px solid var(--line); padding: 12px 14px 16px; display: grid; gap: 12px; }
.right { color: var(--soft); font-size: 13px; }
.fields { display: grid; grid-template-columns: minmax(110px, max-content) 1fr; gap: 8px 12px; align-items: center; }
input, textarea, button { font: inherit; color: inherit; border: 1px solid var(--line); border-radius: 6px; background: var(--ground); padding: 6px 10px; }
input, textarea { width: 100%; } textarea { min-height: 130px; font: 13px/1.5 ui-monospace, monospace; resize: vertical; }
.key input { width: 200px; }
button { cursor: pointer; background: var(--card); } button.run { justify-self: start; background: var(--sea); border-color: var(--sea); color: var(--card); padding: 6px 18px; }
pre { margin: 0; padding: 12px; border-radius: 6px; background: var(--ground); border: 1px solid var(--line); max-height: 380px; overflow: auto;
  font: 13px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.status { font: 600 13px ui-monospace, monospace; } .status.good { color: var(--good); } .status.bad { color: var(--bad); }
@media (max-width: 640px) { header, main { padding-left: 14px; padding-right: 14px; } .what { margin-left: 0; width: 100%; } .key input { width: 140px; } }
`
