const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const ORDERS = [0, 1, 2, 3, 4] as const

/**
 * Whole numbers below 2^45 as text: differences of neighbours, taken as often as makes the text shortest, in digits of
 * five bits each (variable-length quantities, as in source maps). The first character is how often.
 */
export function packWhole(values: readonly number[]): string {
  const texts = ORDERS.map((order) => {
    let list = [...values]
    for (let i = 0; i < order; i++) list = list.map((value, at) => value - (list[at - 1] ?? 0))
    return order + list.map(quantity).join('')
  })
  return texts.reduce((best, text) => (text.length < best.length ? text : best))
}

/** The numbers again. */
export function unpackWhole(text: string): number[] {
  const values: number[] = []
  let value = 0
  let scale = 1
  for (const char of text.slice(1)) {
    const digit = DIGITS.indexOf(char)
    value += (digit % 32) * scale
    scale *= 32
    if (digit >= 32) continue
    values.push(value % 2 === 1 ? -(value + 1) / 2 : value / 2)
    value = 0
    scale = 1
  }
  for (let order = Number(text[0]); order > 0; order--)
    for (let at = 1; at < values.length; at++) values[at] = (values[at] ?? 0) + (values[at - 1] ?? 0)
  return values
}

function quantity(value: number): string {
  let rest = value < 0 ? -2 * value - 1 : 2 * value
  let text = ''
  do {
    const digit = rest % 32
    rest = Math.floor(rest / 32)
    text += DIGITS[rest > 0 ? digit + 32 : digit]
  } while (rest > 0)
  return text
}
