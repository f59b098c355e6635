export type Labels = Readonly<Record<string, string>>

/** One line of a scrape; `labels` include `__name__`. */
export interface Sample {
  labels: Labels
  value: number
}

const line = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?[ \t]+(\S+)$/
const label = /([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\\n]|\\[\\"n])*)"[ \t]*(?:,[ \t]*|$)/y

/**
 * Reads Prometheus' text format 0.0.4 without timestamps, which no target of the rehearsal writes.
 * Throws an `Error` that names the first line which it cannot read.
 */
export function parseExposition(text: string): Sample[] {
  const samples: Sample[] = []
  for (const row of text.split('\n')) {
    if (row === '' || row.startsWith('#')) continue
    const [, name, labels = '', value = ''] = line.exec(row) ?? []
    const number = parseValue(value)
    const pairs = name === undefined ? null : parseLabels(labels)
    if (name === undefined || pairs === null || number === null) throw new Error(`no sample: ${row}`)
    samples.push({ labels: { __name__: name, ...pairs }, value: number })
  }
  return samples
}

function parseLabels(text: string): Record<string, string> | null {
  const pairs: Record<string, string> = {}
  label.lastIndex = 0
  while (label.lastIndex < text.length) {
    const match = label.exec(text)
    if (match === null) return null
    const [, name = '', value = ''] = match
    pairs[name] = value.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped))
  }
  return pairs
}

function parseValue(text: string): number | null {
  if (/^[+-]?Inf$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (text === 'NaN') return Number.NaN
  const value = Number(text)
  return text === '' || Number.isNaN(value) ? null : value
}
