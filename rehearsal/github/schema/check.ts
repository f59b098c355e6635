/**
 * JSON Schema as far as GitHub's description uses it. Interpreted: a compiler of schemas takes 10 to 100 ms of CPU
 * for an operation's first reply, while a service under load shares the processors. A test holds it against ajv.
 */

/** One fault: where (`body.state`, `reply.0.name`) and what. */
export type Fault = { place: string; message: string }

type Schema = {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  format?: string
  required?: string[]
  properties?: Record<string, Schema>
  additionalProperties?: boolean | Schema
  items?: Schema
  minItems?: number
  maxProperties?: number
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
}

/** What the reducer may leave in the description. */
export const keywords = new Set([
  ...[
    '$ref',
    'type',
    'enum',
    'format',
    'required',
    'properties',
    'additionalProperties',
    'items',
    'minItems',
  ],
  ...[
    'maxProperties',
    'minLength',
    'maxLength',
    'minimum',
    'maximum',
    'anyOf',
    'oneOf',
    'allOf',
    'discriminator',
  ],
])

export const formats: Record<string, RegExp> = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  // GitHub itself sends "" where it has no address (a deployment status' environment_url).
  uri: /^([a-z][a-z0-9+.-]*:.+)?$/i,
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

const isType = (value: unknown, type: string): boolean =>
  type === 'integer' ? Number.isInteger(value) : typeOf(value) === type

export function checkSchema(
  schema: object,
  value: unknown,
  place: string,
  definitions: Record<string, object>,
): Fault[] {
  const faults: Fault[] = []
  const say = (message: string, at = place): void => void faults.push({ place: at, message })
  const check = (part: Schema, member: unknown, at: string): Fault[] =>
    checkSchema(part, member, at, definitions)
  const rule = schema as Schema

  if (rule.$ref) {
    const target = definitions[rule.$ref.replace('#/definitions/', '')]
    if (!target) throw new Error(`the description has no ${rule.$ref}`)
    return check(target, value, place)
  }
  const types = rule.type === undefined ? [] : [rule.type].flat()
  if (types.length > 0 && !types.some((type) => isType(value, type))) say(`must be ${types.join(' or ')}`)
  if (rule.enum && !rule.enum.includes(value)) say(`must be one of ${JSON.stringify(rule.enum)}`)
  for (const part of rule.allOf ?? []) faults.push(...check(part, value, place))
  const choices = rule.oneOf ?? rule.anyOf
  if (choices) {
    const results = choices.map((part) => check(part, value, place))
    const matched = results.filter((result) => result.length === 0).length
    const nearest = results.reduce((best, result) => (result.length < best.length ? result : best))
    if (matched === 0) faults.push(...nearest)
    else if (rule.oneOf && matched > 1) say('must match exactly one alternative')
  }
  if (typeof value === 'string') {
    const pattern = formats[rule.format ?? '']
    const length = [...value].length
    if (pattern && !pattern.test(value)) say(`must have the form of a ${rule.format}`)
    if (rule.minLength !== undefined && length < rule.minLength)
      say(`must have at least ${rule.minLength} characters`)
    if (rule.maxLength !== undefined && length > rule.maxLength)
      say(`must have at most ${rule.maxLength} characters`)
  } else if (typeof value === 'number') {
    if (rule.minimum !== undefined && value < rule.minimum) say(`must be at least ${rule.minimum}`)
    if (rule.maximum !== undefined && value > rule.maximum) say(`must be at most ${rule.maximum}`)
  } else if (Array.isArray(value)) {
    if (rule.minItems !== undefined && value.length < rule.minItems)
      say(`must have at least ${rule.minItems} items`)
    const { items } = rule
    if (items) value.forEach((item, index) => void faults.push(...check(items, item, `${place}.${index}`)))
  } else if (typeof value === 'object' && value !== null) {
    faults.push(...checkMembers(rule, value as Record<string, unknown>, place, check))
  }
  return faults
}

function checkMembers(
  rule: Schema,
  value: Record<string, unknown>,
  place: string,
  check: (part: Schema, member: unknown, at: string) => Fault[],
): Fault[] {
  const faults: Fault[] = []
  const names = Object.keys(value).filter((name) => value[name] !== undefined)
  for (const name of rule.required ?? [])
    if (!names.includes(name)) faults.push({ place: `${place}.${name}`, message: 'is required' })
  if (rule.maxProperties !== undefined && names.length > rule.maxProperties)
    faults.push({ place, message: `must have at most ${rule.maxProperties} members` })
  for (const name of names) {
    const at = `${place}.${name}`
    const known = rule.properties && Object.hasOwn(rule.properties, name) ? rule.properties[name] : undefined
    const more = rule.additionalProperties
    if (known) faults.push(...check(known, value[name], at))
    else if (more === false) faults.push({ place: at, message: 'is not described' })
    else if (typeof more === 'object') faults.push(...check(more, value[name], at))
  }
  return faults
}
