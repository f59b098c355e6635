/** The shape of the reduced OpenAPI description in `openapi.ts`. */

export type Parameter = { name: string; in: string; required?: true; schema: object }

export type Described = {
  parameters: Parameter[]
  /** JSON Schema of the request's body; absent where the operation takes none. */
  body?: object
  required?: boolean
  /** Status of success to JSON Schema of the reply; null where the reply is empty. */
  responses: Record<string, object | null>
}

export type Description = { operations: Record<string, Described>; definitions: Record<string, object> }
