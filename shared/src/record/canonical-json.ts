/**
 * JSON in the one form that RFC 8785 (JCS) gives it: no spaces, keys in the order of their UTF-16 code units, numbers
 * and strings as ECMAScript prints them. What is hashed or signed is this. Keys whose value is undefined are left out.
 * Fails on what JSON cannot hold: numbers that are not finite, lone surrogates, functions, cycles.
 */
export const canonicalJson = (value: unknown): string => write(value, [])

/** `above` is what the value stands in: it grows and shrinks with the depth, so that no level copies it. */
const write = (value: unknown, above: unknown[]): string => {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return number(value)
  if (typeof value === 'string') return text(value)
  if (typeof value !== 'object') throw new TypeError(`canonical JSON cannot hold a ${typeof value}`)
  if (above.includes(value)) throw new TypeError('canonical JSON cannot hold a cycle')
  above.push(value)
  const written = Array.isArray(value)
    ? `[${value.map((item) => write(item, above)).join(',')}]`
    : `{${members(value as Record<string, unknown>, above)}}`
  above.pop()
  return written
}

const members = (value: Record<string, unknown>, above: unknown[]): string => {
  let written = ''
  for (const key of Object.keys(value).sort()) {
    if (value[key] === undefined) continue
    written += `${written === '' ? '' : ','}${text(key)}:${write(value[key], above)}`
  }
  return written
}

const number = (value: number): string => {
  if (!Number.isFinite(value)) throw new TypeError(`canonical JSON cannot hold ${value}`)
  return JSON.stringify(value)
}

const text = (value: string): string => {
  if (!value.isWellFormed()) throw new TypeError('canonical JSON cannot hold half of a surrogate pair')
  return JSON.stringify(value)
}
