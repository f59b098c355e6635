export interface RequestOptions {
  headers: Record<string, string>
}

export declare class BearerCredentialHandler {
  token: string
  constructor(token: string)
  prepareRequest(options: RequestOptions): void
}
