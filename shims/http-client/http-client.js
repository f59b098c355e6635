import { setTimeout as sleep } from 'node:timers/promises'

// Same answers as the original gives @actions/core: retries on 502, 503 and 504, null for 404,
// and an error with statusCode for everything else above 299.
const RETRIABLE = new Set([502, 503, 504])

export class HttpClient {
  constructor(userAgent, handlers = [], { allowRetries = false, maxRetries = 1, retryMs = 5 } = {}) {
    this.userAgent = userAgent
    this.handlers = handlers
    this.tries = allowRetries ? maxRetries + 1 : 1
    this.retryMs = retryMs
  }

  async getJson(url) {
    const headers = { accept: 'application/json', 'user-agent': this.userAgent }
    for (const handler of this.handlers) handler.prepareRequest({ headers })
    for (let attempt = 1; ; attempt += 1) {
      const response = await fetch(url, { headers, signal: AbortSignal.timeout(60_000) })
      const { status: statusCode } = response
      const text = await response.text()
      if (RETRIABLE.has(statusCode) && attempt < this.tries) {
        await sleep(this.retryMs * 2 ** Math.min(attempt, 10))
        continue
      }
      const result = statusCode === 404 ? null : parse(text)
      if (statusCode > 299 && statusCode !== 404) {
        const message = result?.message ?? (text || `Failed request: (${statusCode})`)
        throw Object.assign(new Error(message), { name: 'HttpClientError', statusCode, result })
      }
      return { statusCode, result, headers: Object.fromEntries(response.headers) }
    }
  }
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
