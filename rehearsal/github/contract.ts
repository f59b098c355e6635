/** Checks requests and replies against GitHub's OpenAPI description. */

import type { Ajv, ErrorObject, ValidateFunction } from 'ajv'
import type { Described } from './schema/description.ts'
import { description } from './schema/openapi.ts'

/** One fault: where (`query.page`, `body.state`, `reply.0.name`) and what. */
export type Fault = { place: string; keyword: string; message: string }

export type Contract = {
  operation(key: string): Described
  /** Parameters arrive as text; `body` is undefined when there was none. */
  checkRequest(
    key: string,
    params: Record<string, string>,
    query: Record<string, string>,
    body: unknown,
  ): Promise<Fault[]>
  /** Replies of success only; `body` is undefined for an empty reply. */
  checkReply(key: string, status: number, body: unknown): Promise<Fault[]>
}

const formats = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  // GitHub itself sends "" where it has no address (a deployment status' environment_url).
  uri: /^([a-z][a-z0-9+.-]*:.+)?$/i,
  email: /^.*$/,
  int64: true as const,
}

/** Compiled when first needed: all of them take 250 ms, one run needs a dozen. */
async function compiler(): Promise<Ajv> {
  // By way of `default`: a bundler gives a CommonJS module that comes by import() no other name.
  // Named where a bundler reads CommonJS, below `default` where Node does.
  const library = await import('ajv')
  const AjvClass = library.Ajv ?? library.default.Ajv
  const ajv = new AjvClass({
    strict: false,
    allErrors: true,
    meta: false,
    validateSchema: false,
    inlineRefs: false,
    formats,
  })
  ajv.addSchema({ $id: 'github', definitions: description.definitions })
  return ajv
}

const words = (place: string, error: ErrorObject): Fault => {
  const missing = error.keyword === 'required' ? `/${error.params.missingProperty}` : ''
  const extra = error.keyword === 'additionalProperties' ? `/${error.params.additionalProperty}` : ''
  const path = `${error.instancePath}${missing}${extra}`.replaceAll('/', '.')
  const choices = error.keyword === 'enum' ? `: ${JSON.stringify(error.params.allowedValues)}` : ''
  return { place: `${place}${path}`, keyword: error.keyword, message: `${error.message}${choices}` }
}

/** A parameter's text as its schema's type wants it. */
function typed(schema: object, text: string): unknown {
  const type = (schema as { type?: unknown }).type
  if (type === 'integer' && /^-?\d+$/.test(text)) return Number(text)
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true'
  return text
}

export function openContract(): Contract {
  let ajv: Promise<Ajv> | undefined
  const compiled = new Map<object, ValidateFunction>()

  async function check(place: string, schema: object, value: unknown): Promise<Fault[]> {
    ajv ??= compiler()
    let validate = compiled.get(schema)
    if (!validate) {
      const text = JSON.stringify(schema).replaceAll('"#/definitions/', '"github#/definitions/')
      validate = (await ajv).compile(JSON.parse(text))
      compiled.set(schema, validate)
    }
    return validate(value) ? [] : (validate.errors ?? []).map((error) => words(place, error))
  }

  function operation(key: string): Described {
    const described = description.operations[key]
    if (!described) throw new Error(`${key} is not in the reduced description`)
    return described
  }

  return {
    operation,
    async checkRequest(key, params, query, body) {
      const described = operation(key)
      const faults: Fault[] = []
      const names = new Set(described.parameters.map(({ name }) => name))
      for (const name of Object.keys(query))
        if (!names.has(name))
          faults.push({ place: `query.${name}`, keyword: 'unknown', message: 'is not a parameter' })
      for (const parameter of described.parameters) {
        const text = (parameter.in === 'path' ? params : query)[parameter.name]
        if (text === undefined) continue
        faults.push(
          ...(await check(
            `${parameter.in}.${parameter.name}`,
            parameter.schema,
            typed(parameter.schema, text),
          )),
        )
      }
      if (body === undefined) {
        if (described.body && described.required) faults.push(...(await check('body', described.body, {})))
      } else if (described.body) faults.push(...(await check('body', described.body, body)))
      else if (typeof body !== 'object' || Object.keys(body ?? {}).length > 0)
        faults.push({ place: 'body', keyword: 'unknown', message: 'this operation takes no body' })
      return faults
    },
    async checkReply(key, status, body) {
      const described = operation(key)
      const schema = described.responses[String(status)]
      if (schema === undefined)
        return [{ place: 'reply', keyword: 'status', message: `status ${status} is not described` }]
      if (schema === null)
        return body === undefined ? [] : [{ place: 'reply', keyword: 'body', message: 'must be empty' }]
      return check('reply', schema, body)
    },
  }
}
