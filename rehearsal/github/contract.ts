/** Checks requests and replies against GitHub's OpenAPI description. */

import { checkSchema, type Fault } from './schema/check.ts'
import type { Described } from './schema/description.ts'
import { description } from './schema/openapi.ts'

type Texts = Record<string, string>

/** A parameter's text as its schema's type wants it. */
function typed(schema: object, text: string): unknown {
  const type = (schema as { type?: unknown }).type
  if (type === 'integer' && /^-?\d+$/.test(text)) return Number(text)
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true'
  return text
}

/** What is described for `get /releases/{release_id}`. */
function operation(key: string): Described {
  const described = description.operations[key]
  if (!described) throw new Error(`${key} is not in the reduced description`)
  return described
}

const check = (place: string, schema: object, value: unknown): Fault[] =>
  checkSchema(schema, value, place, description.definitions)

/** Faults of a request. Parameters arrive as text; `body` is undefined when there was none. */
export function checkRequest(key: string, params: Texts, query: Texts, body: unknown): Fault[] {
  const described = operation(key)
  const faults: Fault[] = []
  const names = new Set(described.parameters.map(({ name }) => name))
  for (const name of Object.keys(query))
    if (!names.has(name)) faults.push({ place: `query.${name}`, message: 'is not a parameter' })
  for (const { name, in: source, schema } of described.parameters) {
    const text = (source === 'path' ? params : query)[name]
    if (text !== undefined) faults.push(...check(`${source}.${name}`, schema, typed(schema, text)))
  }
  if (described.body) {
    if (body !== undefined || described.required) faults.push(...check('body', described.body, body ?? {}))
  } else if (body !== undefined && (typeof body !== 'object' || Object.keys(body ?? {}).length > 0)) {
    faults.push({ place: 'body', message: 'is not taken by this operation' })
  }
  return faults
}

/** Faults of a reply of success; `body` is undefined for an empty one. */
export function checkReply(key: string, status: number, body: unknown): Fault[] {
  const schema = operation(key).responses[String(status)]
  if (schema === undefined) return [{ place: 'reply', message: `status ${status} is not described` }]
  if (schema === null) return body === undefined ? [] : [{ place: 'reply', message: 'must be empty' }]
  return check('reply', schema, body)
}
