import type { Server } from 'node:http'
import type { Arm } from './arm.ts'
import { BadRequest } from './bad-request.ts'
import type { Counters } from './counters.ts'
import { parseFault, parseWeight } from './fault.ts'
import { type JsonReply, type JsonRequest, jsonServer } from './json-server.ts'
import type { LoadCounts } from './load.ts'
import { processMetrics } from './process-metrics.ts'
import { Conflict, type ServiceState } from './service-state.ts'
import type { Truth } from './truth.ts'

/**
 * The admin port: what a load balancer's API and a deployment do to the service, and the ground truth.
 *
 * GET /weight → {"weight": 5}; PUT /weight {"weight": 5}; POST /deploy {"version", "digest"?}; POST /retire; POST /quiet → {"at"}, when the load ended;
 * GET /status; PUT /fault {"name", "from-weight"?}; GET /truth?from=&to=&series=1; GET /counts; GET /metrics.
 * A wrong body is 400, a request that the state does not allow 409, each with {"error": "one sentence"}.
 */
export function openAdmin(parts: {
  state: ServiceState
  counters: Counters
  truth: Truth
  loadCounts: () => LoadCounts
  /** Ends the load; every answer of it is counted and in the log then. */
  quiet: () => Promise<void>
}): Server {
  const { state, counters, truth, loadCounts, quiet } = parts
  const routes: Record<string, (request: JsonRequest) => Promise<JsonReply> | JsonReply> = {
    'GET /weight': () => ok({ weight: state.weight() }),
    'PUT /weight': ({ body }) => {
      state.setWeight(parseWeight((parse(body) as { weight?: unknown }).weight, 'weight'))
      return ok({ weight: state.weight() })
    },
    'POST /deploy': async ({ body }) => {
      const { version, digest } = parseDeploy(parse(body))
      const changed = await state.deploy(version, digest)
      return ok({ version, digest, changed })
    },
    'POST /quiet': async () => {
      const at = Date.now()
      await quiet()
      return ok({ at })
    },
    'POST /retire': async () => ok({ changed: await state.retire() }),
    'GET /status': () => ok(status(state)),
    'PUT /fault': ({ body }) => {
      state.setFault(parseFault(parse(body)))
      return ok(status(state).fault)
    },
    'GET /truth': ({ query }) => {
      const window = { ...time(query, 'from'), ...time(query, 'to'), series: query.get('series') === '1' }
      return ok(truth.report(window))
    },
    'GET /counts': () => ok(loadCounts()),
    'GET /metrics': () => ok(counters.write(state.hidden()) + processMetrics()),
  }
  return jsonServer(async (request) => {
    const route = routes[`${request.method} ${request.path}`]
    if (route === undefined) {
      return { status: 404, body: { error: `There is no ${request.method} ${request.path}.` } }
    }
    try {
      return await route(request)
    } catch (error) {
      const status = error instanceof Conflict ? 409 : error instanceof BadRequest ? 400 : 500
      return { status, body: { error: (error as Error).message } }
    }
  })
}

function status(state: ServiceState) {
  const canary = state.canary()
  const { name, fromWeight } = state.fault()
  return {
    weight: state.weight(),
    stable: arm(state.stable),
    canary: canary === null ? null : arm(canary),
    fault: { name, 'from-weight': fromWeight },
  }
}

function arm({ version, digest, pid, port, exitCode }: Arm) {
  const code = exitCode()
  return {
    version,
    digest,
    pid,
    port,
    alive: code === undefined,
    ...(code === undefined ? {} : { exitCode: code }),
  }
}

function ok(body: unknown): JsonReply {
  return { status: 200, body }
}

function parse(body: string): object {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Said below.
  }
  throw new BadRequest('The body is not a JSON object.')
}

function parseDeploy(body: object): { version: string; digest: string | null } {
  const { version, digest = null } = body as { version?: unknown; digest?: unknown }
  if (typeof version !== 'string' || !/^[0-9A-Za-z.+_-]{1,128}$/.test(version)) {
    throw new BadRequest(`version is ${JSON.stringify(version) ?? 'missing'}; write one such as "1.2.0".`)
  }
  if (digest !== null && typeof digest !== 'string') {
    throw new BadRequest('digest is not a string; write one such as "sha256:…" or leave it out.')
  }
  return { version, digest }
}

function time(query: URLSearchParams, name: 'from' | 'to'): { from?: number; to?: number } {
  const text = query.get(name)
  if (text === null) return {}
  const value = Number(text)
  if (text === '' || !Number.isFinite(value)) {
    throw new BadRequest(`${name} is ${JSON.stringify(text)}; write milliseconds since 1970.`)
  }
  return { [name]: value }
}
