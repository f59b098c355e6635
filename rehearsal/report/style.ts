/** The look of the report: system fonts, both colour schemes, no script, no network. */
export const style = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1f2328;--soft:#59636e;--line:#d1d9e0;--card:#f6f8fa;--blue:#0969da;--green:#1a7f37;--red:#cf222e;--amber:#9a6700;--canary:#bc4c00;--stable:#0969da}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#f0f6fc;--soft:#9198a1;--line:#3d444d;--card:#151b23;--blue:#4493f8;--green:#3fb950;--red:#f85149;--amber:#d29922;--canary:#f0883e;--stable:#4493f8}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}
main{max-width:1020px;margin:0 auto;padding:28px 24px 60px}h1{font-size:26px;margin:0 0 4px;line-height:1.25}h2{font-size:19px;margin:36px 0 10px;padding-bottom:6px;border-bottom:1px solid var(--line)}
.story{color:var(--soft);margin:0 0 18px}.badge{display:inline-block;border-radius:2em;padding:1px 12px;font-size:14px;font-weight:600;color:#fff;vertical-align:3px;margin-right:10px}
.released{background:#1a7f37}.rolled-back{background:#9a6700}.refused{background:#57606a}.failed{background:#cf222e}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(124px,1fr));gap:10px}.tile{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:10px 12px}.tile b{display:block;font-size:20px;line-height:1.3}.tile span{color:var(--soft);font-size:13px}
figure{margin:14px 0;border:1px solid var(--line);border-radius:8px;padding:10px 12px 4px}figcaption{font-size:14px;display:flex;gap:16px;flex-wrap:wrap}svg{width:100%;height:auto;display:block}
.key i{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:5px}.key{color:var(--soft)}.grid{stroke:var(--line);stroke-width:.7}.axis{fill:var(--soft);font-size:11px}.mark{font-size:11px;font-weight:600}.bar{font-size:12px;fill:var(--fg)}
table{border-collapse:collapse;margin:8px 0;display:block;overflow-x:auto;max-width:100%}th,td{border:1px solid var(--line);padding:4px 10px;text-align:left;vertical-align:top;font-size:14px}th{background:var(--card)}
code{overflow-wrap:anywhere;background:var(--card);border-radius:5px;padding:1px 5px;font:13px ui-monospace,SFMono-Regular,Menlo,monospace}pre{background:var(--card);border-radius:8px;padding:12px;overflow-x:auto}pre code{padding:0}
details{border:1px solid var(--line);border-radius:8px;margin:10px 0}summary{padding:8px 12px;cursor:pointer;background:var(--card);border-radius:8px}details[open] summary{border-bottom:1px solid var(--line);border-radius:8px 8px 0 0}.body{padding:4px 16px 12px}
.body h1{font-size:21px;margin-top:14px}.body h2{font-size:17px;margin:18px 0 6px;border:0}.body h3{font-size:15px;margin:14px 0 4px}
td.short{white-space:nowrap}.said{color:var(--soft);margin-left:6px}.trouble{border-left:4px solid var(--red);background:var(--card);border-radius:0 8px 8px 0;padding:8px 14px;margin:0 0 18px}.success{color:var(--green)}.failure{color:var(--red)}.cancelled,.skipped{color:var(--soft)}.mono{font-family:ui-monospace,SFMono-Regular,Menlo,monospace;font-size:13px}.soft{color:var(--soft)}a{color:var(--blue)}`
