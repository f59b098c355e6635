import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import ajv from 'ajv'
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  parse,
  validate,
} from 'graphql'
import { checkSchema, formats } from '../../../rehearsal/github/schema/check.ts'
import { sdl } from '../../../rehearsal/github/schema/graphql-schema.ts'
import { description } from '../../../rehearsal/github/schema/openapi.ts'

/** The interpreter of JSON Schema is held against ajv: same verdict on thousands of documents, good and spoilt. */

const { definitions } = description
const judge = new ajv.Ajv({
  strict: false,
  meta: false,
  validateSchema: false,
  inlineRefs: false,
  logger: false,
  formats,
})
judge.addSchema({ $id: 'github', definitions })

const compile = (schema: object) =>
  judge.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/definitions/', '"github#/definitions/')))

type Schema = {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  format?: string
  required?: string[]
  properties?: Record<string, Schema>
  items?: Schema
  minItems?: number
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
}

function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** A document that the schema describes, with some of its optional members; not always valid, ajv decides. */
function sample(schema: Schema, next: () => number, depth = 0): unknown {
  const pick = <T>(items: T[]): T => items[Math.floor(next() * items.length)] as T
  if (schema.$ref)
    return sample(definitions[schema.$ref.slice('#/definitions/'.length)] as Schema, next, depth)
  if (schema.enum) return pick(schema.enum)
  const choices = schema.oneOf ?? schema.anyOf
  if (choices) return sample(pick(choices), next, depth)
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => sample(part, next, depth)))
  const type = pick([schema.type ?? 'object'].flat())
  if (type === 'object') {
    const members = Object.entries(schema.properties ?? {}).filter(
      ([name]) => schema.required?.includes(name) || (depth < 3 && next() < 0.3),
    )
    return Object.fromEntries(members.map(([name, part]) => [name, sample(part, next, depth + 1)]))
  }
  if (type === 'array')
    return Array.from({ length: Math.max(schema.minItems ?? 0, Math.floor(next() * 3)) }, () =>
      sample(schema.items ?? {}, next, depth + 1),
    )
  if (type === 'string') return schema.format === 'date-time' ? '2026-01-01T00:00:00Z' : 'https://example.org'
  return type === 'integer'
    ? Math.floor(next() * 99)
    : type === 'number'
      ? next()
      : type === 'boolean'
        ? true
        : null
}

const wrong: unknown[] = [null, '', 'x', -1, 1.5, true, [], {}, ['x'], { x: 1 }, 'y'.repeat(200)]

/** One change somewhere: a member of another kind, one less, or one more. */
function spoil(value: unknown, next: () => number): unknown {
  const another = wrong[Math.floor(next() * wrong.length)]
  if (typeof value !== 'object' || value === null || next() < 0.1) return another
  const keys = Object.keys(value)
  const key = keys[Math.floor(next() * keys.length)]
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? spoil(item, next) : item))
  const copy: Record<string, unknown> = { ...value }
  const way = next()
  if (key === undefined || way < 0.15) copy.unheard_of = another
  else if (way < 0.4) delete copy[key]
  else copy[key] = spoil(copy[key], next)
  return copy
}

const schemas = Object.entries(description.operations).flatMap(([key, { body, responses, parameters }]) => [
  ...(body ? [[`${key} body`, body] as const] : []),
  ...parameters.map(({ name, schema }) => [`${key} ${name}`, schema] as const),
  ...Object.entries(responses).flatMap(([status, schema]) =>
    schema ? [[`${key} ${status}`, schema] as const] : [],
  ),
])

test('the interpreter agrees with ajv', () => {
  const counts = { valid: 0, invalid: 0 }
  for (const [name, schema] of schemas) {
    const validate = compile(schema)
    const next = random(name.length * 7919 + schemas.length)
    for (let round = 0; round < 30; round++) {
      const good = sample(schema as Schema, next)
      for (const document of [good, spoil(good, next), spoil(spoil(good, next), next)]) {
        const expected = validate(document)
        counts[expected ? 'valid' : 'invalid']++
        const faults = checkSchema(schema, document, 'it', definitions)
        if (expected !== (faults.length === 0))
          throw new Error(
            `${name}: ajv says ${expected}, faults ${JSON.stringify(faults)} on ${JSON.stringify(document)}`,
          )
      }
    }
  }
  expect(counts.valid).toBeGreaterThan(2000)
  expect(counts.invalid).toBeGreaterThan(2000)
})

test.each([
  [{ type: 'string', format: 'uri' }, 'no address', 'it must have the form of a uri'],
  [{ type: 'object', required: ['a'] }, {}, 'it.a is required'],
  [{ type: 'object', properties: {}, additionalProperties: false }, { b: 1 }, 'it.b is not described'],
  [{ type: 'array', items: { type: 'integer' } }, [1, 'x'], 'it.1 must be integer'],
  [{ enum: ['a', null] }, 'b', 'it must be one of ["a",null]'],
  [{ oneOf: [{ type: 'string' }, { enum: ['a'] }] }, 'a', 'it must match exactly one alternative'],
])('a fault says where and what: %j', (schema, value, words) => {
  expect(checkSchema(schema, value, 'it', {}).map(({ place, message }) => `${place} ${message}`)).toEqual([
    words,
  ])
})

test("the reduced GraphQL schema says nothing that GitHub's does not say", () => {
  const file = new URL('../../../node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url)
  const official = buildSchema(readFileSync(file, 'utf8'), { assumeValid: true })
  const reduced = buildSchema(sdl)
  const shapes = (schema: typeof official, name: string): string[] => {
    const type = schema.getType(name)
    if (isEnumType(type)) return type.getValues().map((value) => `${name}.${value.name}`)
    if (isInputObjectType(type))
      return Object.values(type.getFields()).map((field) => `${name}.${field.name}: ${field.type}`)
    if (!isObjectType(type) && !isInterfaceType(type)) return [name]
    return Object.values(type.getFields()).flatMap((field) => {
      const at = `${name}.${field.name}`
      return [`${at}: ${field.type}`, ...field.args.map((one) => `${at}(${one.name}: ${one.type})`)]
    })
  }
  const own = Object.keys(reduced.getTypeMap()).filter((name) => !name.startsWith('__'))
  const said = own.flatMap((name) => shapes(reduced, name))
  const known = new Set(own.flatMap((name) => shapes(official, name)))
  expect(said.length).toBeGreaterThan(150)
  expect(said.filter((shape) => !known.has(shape))).toEqual([])
  const operations = parse(
    readFileSync(new URL('../../../rehearsal/github/schema/operations.graphql', import.meta.url), 'utf8'),
  )
  expect(validate(reduced, operations)).toEqual([])
})
