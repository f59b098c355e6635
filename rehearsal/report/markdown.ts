import { Marked } from 'marked'
import { escapeHtml } from './escape-html.ts'
import { drawXyChart } from './xy-chart.ts'

const safeAddress = /^(https:|#)/i
// Tags without attributes that GitHub keeps and that relman's own summaries use.
const safeTag = /^<\/?(details|summary|br|sub|sup|b|i|strong|em)\s*\/?>$/i

/** HTML inside Markdown: a few harmless tags stay, comments go, everything else is shown as text. */
const keepSafe = (html: string): string =>
  html
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<[^>]*>|<|[^<]+/g, (part) => (safeTag.test(part) ? part.toLowerCase() : escapeHtml(part)))

/** GitHub's flavour of Markdown as HTML, with Mermaid's xy charts drawn; links lead to https only. */
const renderer = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }) => keepSafe(text),
    image: ({ text }) => escapeHtml(text),
    code({ text, lang }) {
      const chart = lang === 'mermaid' ? drawXyChart(text) : null
      return chart ?? `<pre><code>${escapeHtml(text)}</code></pre>`
    },
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens)
      return safeAddress.test(href)
        ? `<a href="${escapeHtml(href)}" rel="noopener noreferrer">${text}</a>`
        : text
    },
  },
})

export const renderMarkdown = (markdown: string): string => renderer.parse(markdown, { async: false })
