/**
 * JSON in the one form that RFC 8785 (JCS) gives it: no spaces, keys in the order of their UTF-16 code units, numbers
 * and strings as ECMAScript prints them. What is hashed or signed is this. Keys whose value is undefined are left out.
 * Fails on what JSON cannot hold: numbers that are not finite, lone surrogates, functions, cycles.
 */
export const canonicalJson = (value: unknown): string => write(value, [])

const write = (value: unknown, above: readonly unknown[]): string => {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return number(value)
  if (typeof value === 'string') return text(value)
  if (typeof value !== 'object') throw new TypeError(`canonical JSON cannot hold a ${typeof value}`)
  if (above.includes(value)) throw new TypeError('canonical JSON cannot hold a cycle')
  const inside = [...above, value]
  if (Array.isArray(value)) return `[${value.map((item) => write(item, inside)).join(',')}]`
  return `{${members(value as Record<string, unknown>, inside).join(',')}}`
}

const members = (value: Record<string, unknown>, above: readonly unknown[]): string[] =>
  Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${text(key)}:${write(value[key], above)}`)

const number = (value: number): string => {
  if (!Number.isFinite(value)) throw new TypeError(`canonical JSON cannot hold ${value}`)
  return JSON.stringify(value)
}

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

const text = (value: string): string => {
  if (loneSurrogate.test(value)) throw new TypeError('canonical JSON cannot hold half of a surrogate pair')
  return JSON.stringify(value)
}
