import { createRequire } from 'node:module'

/**
 * node:http by `require`. An `import` makes a namespace of every export, which on Node 24 runs the getters that load
 * all of undici: 12 MB and 15 ms for each process. The path is any that exists, and not import.meta.url, which a
 * bundler would resolve itself.
 */
export const { Agent, createServer, get, request } = createRequire(process.execPath)(
  'node:http',
) as typeof import('node:http')
