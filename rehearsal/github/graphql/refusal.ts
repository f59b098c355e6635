/** What a GraphQL field is refused with; becomes one entry of `errors`, with GitHub's `type`. */
export class FieldRefusal extends Error {
  readonly type: string

  constructor(type: string, message: string) {
    super(message)
    this.type = type
  }
}

export const unresolved = (what: string): FieldRefusal =>
  new FieldRefusal('NOT_FOUND', `Could not resolve to ${what}`)
