/** Answers GraphQL with graphql-js against GitHub's own schema, reduced. */

import type { DocumentNode, GraphQLError, GraphQLSchema } from 'graphql'
import type { Github, Reply } from '../github.ts'
import type { Grant } from '../hub.ts'
import { Refusal } from '../refusal.ts'
import type { Planned } from '../rest.ts'
import { sdl } from '../schema/graphql-schema.ts'
import { account } from '../state/tokens.ts'
import type { Context } from './context.ts'
import { createCommitOnBranch, updateRefs } from './create-commit.ts'
import { query } from './query.ts'
import { FieldRefusal } from './refusal.ts'

type Loaded = { library: typeof import('graphql'); schema: GraphQLSchema }

const patterns: Record<string, RegExp> = {
  GitObjectID: /^([0-9a-f]{40}|[0-9a-f]{64})$/,
  Base64String: /^[A-Za-z0-9+/]*={0,2}$/,
  DateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  GitTimestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/,
  URI: /^[a-z][a-z0-9+.-]*:.+$/,
}

/** The schema names its scalars but not their form: this checks it, in what comes and in what goes. */
async function load(): Promise<Loaded> {
  const library = await import('graphql')
  const schema = library.buildSchema(sdl)
  for (const [name, pattern] of Object.entries(patterns)) {
    const scalar = schema.getType(name)
    if (!library.isScalarType(scalar)) throw new Error(`the reduced schema has no scalar ${name}`)
    const check = (value: unknown): unknown => {
      if (typeof value === 'string' && pattern.test(value)) return value
      throw new library.GraphQLError(`${JSON.stringify(value)} is not a valid ${name}`)
    }
    scalar.serialize = check
    scalar.parseValue = check
    scalar.parseLiteral = (node) => check('value' in node ? node.value : undefined)
  }
  return { library, schema }
}

/** What the operation does, for the log and for faults: `/graphql createCommitOnBranch`, or `/graphql query`. */
function pathOf(document: DocumentNode, name: unknown): string {
  for (const definition of document.definitions) {
    if (definition.kind !== 'OperationDefinition' || definition.operation !== 'mutation') continue
    if (typeof name === 'string' && definition.name?.value !== name) continue
    const fields = definition.selectionSet.selections.flatMap((entry) =>
      entry.kind === 'Field' ? [entry.name.value] : [],
    )
    return `/graphql ${fields.join(',')}`
  }
  return '/graphql query'
}

const plain = ({ message, locations, path }: GraphQLError): Record<string, unknown> => ({
  ...(path ? { path } : {}),
  ...(locations ? { locations } : {}),
  message,
})

export function openGraphql(github: Github, violations: string[]) {
  let loading: Promise<Loaded> | undefined

  /** An operation that the schema refuses: GitHub answers 200 with `errors` and no data. */
  function invalid(errors: readonly GraphQLError[]): Planned {
    for (const { message } of errors)
      violations.push(`request graphql: ${message} (new fields: add them to schema/operations.graphql)`)
    return {
      path: '/graphql invalid',
      perform: async () => ({ status: 200, body: { errors: errors.map(plain) } }),
    }
  }

  /** An error that no resolver meant to raise is a defect of this GitHub. */
  function refusal(error: GraphQLError): Record<string, unknown> {
    if (error.originalError instanceof FieldRefusal)
      return { type: error.originalError.type, ...plain(error) }
    violations.push(`reply graphql ${(error.path ?? []).join('.')}: ${error.message}`)
    throw new Refusal(500, `This GitHub's own reply is not valid: ${error.message}`)
  }

  return async function plan(body: unknown, grant: Grant): Promise<Planned> {
    const { query: text, variables, operationName } = (body ?? {}) as Record<string, unknown>
    if (typeof text !== 'string')
      throw new Refusal(400, 'A query attribute must be specified and must be a string.')
    loading ??= load()
    const { library, schema } = await loading
    let document: DocumentNode
    try {
      document = library.parse(text)
    } catch (error) {
      return invalid([error as GraphQLError])
    }
    const errors = library.validate(schema, document)
    if (errors.length > 0) return invalid(errors)
    const context: Context = { github, grant, actor: account(grant) }
    const perform = async (): Promise<Reply> => {
      const result = await library.execute({
        schema,
        document,
        rootValue: { ...query, createCommitOnBranch, updateRefs },
        contextValue: context,
        variableValues: variables as Record<string, unknown> | null,
        operationName: operationName as string | null,
      })
      // Without data nothing ran: the variables do not fit.
      if (result.data === undefined) return invalid(result.errors ?? []).perform()
      const refused = (result.errors ?? []).map(refusal)
      return { status: 200, body: { data: result.data, ...(refused.length ? { errors: refused } : {}) } }
    }
    return { path: pathOf(document, operationName), perform }
  }
}
