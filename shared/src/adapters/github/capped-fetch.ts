type Fetch = typeof globalThis.fetch

/** Asking again would give the same. */
export class ReplyTooLargeError extends Error {}

/** A reply that is longer than it may be is an error, not memory. */
export const cappedFetch =
  (fetch: Fetch, limit: number): Fetch =>
  async (url, options) => {
    const response = await fetch(url, options)
    const bytes = await body(response, limit)
    const empty = response.status === 204 || response.status === 205 || response.status === 304
    return new Response(empty ? null : bytes, { status: response.status, headers: [...response.headers] })
  }

const body = async (response: Response, limit: number): Promise<Uint8Array<ArrayBuffer>> => {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > limit) throw new ReplyTooLargeError(`the answer is larger than ${limit} bytes`)
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}
