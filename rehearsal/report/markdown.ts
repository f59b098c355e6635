import { Marked } from 'marked'
import { escapeHtml } from './escape-html.ts'

const safeAddress = /^(https:|#)/i

/** GitHub's flavour of Markdown as HTML. Raw HTML in it is shown as text, links lead to https only. */
const renderer = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }) => (/^\s*<!--[\s\S]*?-->\s*$/.test(text) ? '' : escapeHtml(text)),
    image: ({ text }) => escapeHtml(text),
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens)
      return safeAddress.test(href)
        ? `<a href="${escapeHtml(href)}" rel="noopener noreferrer">${text}</a>`
        : text
    },
  },
})

export const renderMarkdown = (markdown: string): string => renderer.parse(markdown, { async: false })
