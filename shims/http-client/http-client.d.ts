import type { BearerCredentialHandler } from './auth.js'

export interface TypedResponse<T> {
  statusCode: number
  result: T | null
  headers: Record<string, string>
}

export declare class HttpClient {
  constructor(
    userAgent: string,
    handlers?: BearerCredentialHandler[],
    options?: { allowRetries?: boolean; maxRetries?: number; retryMs?: number },
  )
  getJson<T>(url: string): Promise<TypedResponse<T>>
}
