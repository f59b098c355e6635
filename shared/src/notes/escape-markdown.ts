import { redact } from './redact.ts'

// Terminal sequences, controls, bidirectional overrides, fillers, zero-width and tag characters: they hide or reorder text.
const terminal = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?)/g
const invisible =
  /[\p{Default_Ignorable_Code_Point}\p{Cf}\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/gu
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
// What starts something anywhere in a line, and what does so only as its first characters.
const special = /[\\`*_[\]<>|~&$]/g
const atStart = /^([#+\-=!:]|\d{1,9}(?=[.)](?:\s|$)))/
const joiner = '\u2060'

/** Untrusted text without characters that hide or reorder what is read, and without what looks like a secret. */
export const visible = (text: string): string =>
  redact(text.replace(terminal, '').replace(loneSurrogate, '\ufffd').replace(invisible, ''))

/** One line of `visible` text of at most `limit` UTF-16 units: what a plan or a record keeps of untrusted text. */
export const cut = (text: string, limit: number): string => {
  const line = visible(text.slice(0, 20 * limit + 1_000).replace(/\s+/g, ' ')).trim()
  return line.length > limit ? `${line.slice(0, limit - 1).replace(loneSurrogate, '')}…` : line
}

/**
 * Untrusted text as inert, one-line Markdown: no mention, reference, link, HTML, emphasis, table cell or code can start
 * in it. Longer text than `limit` characters is cut with an ellipsis. Escape once: a second time shows the escapes.
 */
export const inline = (text: string, limit = 300): string =>
  cut(text, limit)
    .replace(special, '\\$&')
    .replace(atStart, (start) => (/\d/.test(start) ? `${start}${joiner}` : `\\${start}`))
    .replace(/:(?=\/\/)/g, `:${joiner}`)
    .replace(/\b(www)(?=\.)/gi, `$1${joiner}`)
    .replace(/\b(mailto|xmpp|javascript|data|vbscript)(?=:)/gi, `$1${joiner}`)
    .replace(/@/g, `@${joiner}`)
    .replace(/#(?=\w)/g, `#${joiner}`)
    .replace(/\b(GH-)(?=\d)/gi, `$1${joiner}`)

/** Untrusted text as inline code: the fence is longer than any run of backticks in it. Fits into a table, too. */
export const code = (text: string, limit = 300): string => {
  const line = cut(text, limit).replaceAll('|', '¦') || ' '
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map((run) => run[0].length))
  const fence = '`'.repeat(longest + 1)
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${line}${pad}${fence}`
}

/** A share in percent as a bar of ten characters. */
export const bar = (percent: number): string => {
  const full = Math.max(percent > 0 ? 1 : 0, Math.min(10, Math.round(percent / 10)))
  return '█'.repeat(full) + '░'.repeat(10 - full)
}
