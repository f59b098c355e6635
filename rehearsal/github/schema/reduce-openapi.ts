/**
 * Cuts GitHub's official OpenAPI description down to the operations in use, as plain JSON Schema, and prints it:
 * `npm i @octokit/openapi@23.0.2` somewhere, then
 * `node --experimental-strip-types reduce-openapi.ts <folder of @octokit/openapi> > openapi.ts`.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keywords } from './check.ts'
import { operations } from './operations.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Dict = { [key: string]: Json }

const prefix = '/repos/{owner}/{repo}'
const dropped = new Set([
  'discriminator',
  'description',
  'title',
  'example',
  'examples',
  'deprecated',
  'default',
  'externalDocs',
  'summary',
])

const folder = process.argv[2] ?? '.'
const packageFile = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Dict
const source = JSON.parse(readFileSync(join(folder, 'generated/api.github.com.json'), 'utf8')) as Dict

const definitions: Dict = {}

/** `#/components/x/name` in the description. */
function lookUp(reference: string): Dict {
  let value: Json = source
  for (const key of reference.slice(2).split('/')) value = (value as Dict)[key] ?? null
  return value as Dict
}

/** JSON Schema has no `nullable`: null becomes one of the types, or one alternative. */
function nullable(schema: Dict): Dict {
  if (typeof schema.type === 'string') {
    const either: Dict = { ...schema, type: [schema.type, 'null'] }
    if (Array.isArray(schema.enum) && !schema.enum.includes(null)) either.enum = [...schema.enum, null]
    return either
  }
  return Object.keys(schema).length === 0 ? {} : { anyOf: [schema, { type: 'null' }] }
}

function properties(value: Dict): Dict {
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, reduce(schema)]))
}

/** A schema without prose; what it refers to goes to `definitions`. */
function reduce(value: Json): Json {
  if (Array.isArray(value)) return value.map(reduce)
  if (value === null || typeof value !== 'object') return value
  if (typeof value.$ref === 'string') return refer(value.$ref)
  const kept: Dict = {}
  for (const [key, member] of Object.entries(value)) {
    if (dropped.has(key) || key.startsWith('x-') || key === 'nullable') continue
    if (!keywords.has(key)) throw new Error(`check.ts does not know the keyword ${key}`)
    if (key === 'properties') kept.properties = properties(member as Dict)
    else kept[key] = key === 'enum' || key === 'required' ? member : reduce(member)
  }
  return value.nullable === true ? nullable(kept) : kept
}

function refer(reference: string): Dict {
  const name = reference.split('/').pop() as string
  if (definitions[name] === undefined) {
    definitions[name] = true
    definitions[name] = reduce(lookUp(reference))
  }
  return { $ref: `#/definitions/${name}` }
}

/** Names referred to inside an `allOf`, whose members must stay open. */
function combined(value: Json, names = new Set<string>()): Set<string> {
  if (value === null || typeof value !== 'object') return names
  if (!Array.isArray(value) && Array.isArray(value.allOf))
    for (const member of value.allOf as Dict[])
      names.add(String(member.$ref ?? '').replace('#/definitions/', ''))
  for (const member of Object.values(value)) combined(member, names)
  return names
}

/** A described object takes no other member: a misspelt optional field must not pass as "additional". */
function close(value: Json): Json {
  if (Array.isArray(value)) return value.map(close)
  if (value === null || typeof value !== 'object') return value
  const members = Object.entries(value).map(([key, member]) => [
    key,
    key === 'allOf' ? member : close(member),
  ])
  const closed = Object.fromEntries(members) as Dict
  const described = closed.type === 'object' || (Array.isArray(closed.type) && closed.type.includes('object'))
  const open = !described || closed.properties === undefined || closed.additionalProperties !== undefined
  return open ? closed : { ...closed, additionalProperties: false }
}

function content(value: Json | undefined): Json | null {
  const types = (value as Dict | undefined)?.content as Dict | undefined
  const body = types?.['application/json'] as Dict | undefined
  return body?.schema === undefined ? null : reduce(body.schema)
}

function parameters(list: Json): Dict[] {
  return ((list ?? []) as Dict[])
    .map((entry) => (typeof entry.$ref === 'string' ? lookUp(entry.$ref) : entry))
    .filter((entry) => entry.name !== 'owner' && entry.name !== 'repo')
    .map((entry) => ({
      name: entry.name ?? null,
      in: entry.in ?? null,
      ...(entry.required === true ? { required: true } : {}),
      schema: reduce(entry.schema ?? {}),
    }))
}

/** Only the bodies of success are checked: errors have one shape, and GitHub's own vary. */
function responses(all: Dict): Dict {
  const kept: Dict = {}
  for (const [status, entry] of Object.entries(all)) {
    if (!status.startsWith('2')) continue
    const whole = entry as Dict
    kept[status] = content(typeof whole.$ref === 'string' ? lookUp(whole.$ref) : whole)
  }
  return kept
}

const reduced: Dict = {}
for (const { method, path } of operations) {
  const entry = ((source.paths as Dict)[prefix + path] as Dict | undefined)?.[method] as Dict | undefined
  if (entry === undefined) throw new Error(`no ${method} ${prefix}${path} in the description`)
  const body = content(entry.requestBody)
  reduced[`${method} ${path}`] = {
    parameters: parameters(entry.parameters ?? []),
    ...(body === null ? {} : { body, required: (entry.requestBody as Dict).required === true }),
    responses: responses(entry.responses as Dict),
  }
}

const open = combined({ reduced, definitions })
const text = JSON.stringify({
  operations: close(reduced),
  definitions: Object.fromEntries(
    Object.entries(definitions).map(([name, schema]) => [name, open.has(name) ? schema : close(schema)]),
  ),
})

process.stdout.write(`/** Generated by reduce-openapi.ts from ${packageFile.name} ${packageFile.version}; do not edit. */
import type { Description } from './description.ts'

export const description: Description = JSON.parse(
  '${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}',
)
`)
