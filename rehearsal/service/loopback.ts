import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Listens on 127.0.0.1 and returns the port; 0 takes a free one.
 * Throws an `Error` with one sentence where the port is taken or not allowed.
 */
export async function listen(server: Server, port: number, purpose: string): Promise<number> {
  server.listen(port, '127.0.0.1', 4096)
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') {
      throw new Error(
        `Port ${port} (${purpose}) is in use on 127.0.0.1: stop what listens there or choose another.`,
      )
    }
    if (code === 'EACCES') throw new Error(`Port ${port} (${purpose}) is not allowed: choose one above 1023.`)
    throw error
  }
  return (server.address() as AddressInfo).port
}

/** Idle connections of the load stay open, and none of the limits that cost a timer for each request. */
export const quickServer = {
  keepAliveTimeout: 0,
  headersTimeout: 0,
  requestTimeout: 0,
  connectionsCheckingInterval: 60_000,
} as const

/** Stops listening and ends every connection. */
export function closeServer(server: Server): void {
  server.close()
  server.closeAllConnections()
}
