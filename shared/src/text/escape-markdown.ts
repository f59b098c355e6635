import { cut } from './visible.ts'

export { cut, visible } from './visible.ts'

// What starts something anywhere in a line, and what does so only as its first characters.
const special = /[\\`*_[\]<>|~&$]/g
const atStart = /^([#+\-=!:]|\d{1,9}(?=[.)](?:\s|$)))/
const joiner = '\u2060'

/**
 * Untrusted text as inert, one-line Markdown: no mention, reference, link, HTML, emphasis, table cell or code can start
 * in it. Longer text than `limit` characters is cut with an ellipsis. Escape once: a second time shows the escapes.
 */
export const inline = (text: string, limit = 300): string =>
  cut(text, limit)
    .replace(special, '\\$&')
    .replace(atStart, (start) => (/\d/.test(start) ? `${start}${joiner}` : `\\${start}`))
    .replace(/:(?=\/\/)/g, `:${joiner}`)
    .replace(/(www)(?=\.)/gi, `$1${joiner}`)
    .replace(/(mailto|xmpp|javascript|data|vbscript)(?=:)/gi, `$1${joiner}`)
    .replace(/@/g, `@${joiner}`)
    .replace(/#(?=\w)/g, `#${joiner}`)
    .replace(/(GH-)(?=\w)/gi, `$1${joiner}`)

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
