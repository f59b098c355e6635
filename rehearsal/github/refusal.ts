/** What GitHub says no with; the server turns it into a reply. */
export class Refusal extends Error {
  readonly status: number
  readonly errors: unknown[] | undefined

  constructor(status: number, message: string, errors?: unknown[]) {
    super(message)
    this.status = status
    this.errors = errors
  }
}

export const notFound = (): Refusal => new Refusal(404, 'Not Found')

/** GitHub's 422 for one field: `code` is missing, missing_field, invalid, already_exists or custom. */
export const invalid = (resource: string, field: string, code: string, message?: string): Refusal =>
  new Refusal(422, 'Validation Failed', [{ resource, code, field, ...(message ? { message } : {}) }])
