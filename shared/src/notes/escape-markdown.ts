// Controls, bidirectional overrides and zero-width characters make text read differently than it is.
const invisible = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
const special = /[\\`*_{}[\]<>()#+\-!|~&$]/g
// A mention, an issue or a commit reference becomes plain text when a word joiner splits it.
const reference = /(^|[^\w`])([@#]|GH-)(?=\w)/gi

/** Untrusted text without characters that hide or reorder what is read. */
export const visible = (text: string): string => text.replace(invisible, '').replace(loneSurrogate, '\ufffd')

/**
 * Untrusted text as inert, one-line Markdown: no mention, link, HTML, table cell or code can start in it. Longer text
 * than `limit` characters is cut with an ellipsis.
 */
export const inline = (text: string, limit = 300): string => {
  const line = visible(text.replace(/\s+/g, ' ')).trim()
  const cut = line.length > limit ? `${line.slice(0, limit - 1).replace(loneSurrogate, '')}…` : line
  return cut.replace(special, '\\$&').replace(/https?:\\?\/\//gi, (scheme) => `${scheme.slice(0, -2)}\u2060//`).replace(reference, '$1$2\u2060')
}

/** Untrusted text as inline code: the fence is longer than any run of backticks in it. */
export const code = (text: string): string => {
  const line = visible(text.replace(/\s+/g, ' ')).trim()
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map((run) => run[0].length))
  const fence = '`'.repeat(longest + 1)
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${line.replaceAll('|', '\\|')}${pad}${fence}`
}
