import { z } from 'zod'

type Schema = {
  properties?: Record<string, Schema>
  items?: Schema
  additionalProperties?: Schema | boolean
  anyOf?: Schema[]
  oneOf?: Schema[]
  const?: unknown
  $ref?: string
}

/**
 * What a schema knows at a path: the keys of a map, or (`constants`) the words a value may be. `value` chooses between
 * the branches of a union, by the word that tells them apart (`kind`, `driver`).
 */
export const knownKeys = (
  schema: z.ZodType,
  path: readonly PropertyKey[],
  value: unknown,
  what: 'keys' | 'constants' = 'keys',
): string[] => {
  let schemas: Schema[] = [z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema]
  let at = value
  for (const key of path) {
    schemas = branches(schemas, at).flatMap((schema) => step(schema, key))
    at = at !== null && typeof at === 'object' ? (at as Record<PropertyKey, unknown>)[key] : undefined
  }
  const found = branches(schemas, at)
  if (what === 'constants')
    return found.map((schema) => schema.const).filter((word) => typeof word === 'string')
  return [...new Set(found.flatMap((schema) => Object.keys(schema.properties ?? {})))]
}

const step = (schema: Schema, key: PropertyKey): Schema[] => {
  if (typeof key === 'number') return schema.items ? [schema.items] : []
  const own = schema.properties?.[String(key)]
  if (own) return [own]
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []
}

const branches = (schemas: readonly Schema[], value: unknown): Schema[] => {
  const all = schemas.flatMap((schema) => schema.anyOf ?? schema.oneOf ?? [schema])
  const chosen = all.filter((schema) => {
    const constants = Object.entries(schema.properties ?? {}).filter(([, inner]) => inner.const !== undefined)
    return (
      constants.length > 0 &&
      constants.every(([key, inner]) => (value as Record<string, unknown> | undefined)?.[key] === inner.const)
    )
  })
  return chosen.length > 0 ? chosen : all
}
