import type { IncomingMessage, ServerResponse } from 'node:http'
import { parseArgs } from 'node:util'
import { drawOutcome, type Outcome } from './checkout.ts'
import { type Fault, faultDelay } from './fault.ts'
import { listen, quickServer } from './loopback.ts'
import { createServer } from './node-http.ts'
import { followParent, tellParent } from './parent.ts'
import { exposeAll, processMetrics } from './process-metrics.ts'
import { seededRandom } from './random.ts'

/** Above this, requests are refused with 503 instead of piling up timers. */
const limit = 512

/**
 * One version of the checkout service in its own process: GET /checkout, /healthz and /metrics on 127.0.0.1.
 * Arguments: `--version 1.2.0 --seed 7 --fault none`; a line `{"fault": "errors"}` on standard input changes the
 * fault. Replies carry x-order, x-dependency and x-fault for the proxy, which counts them and takes the last away.
 */
export async function runVersion(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      version: { type: 'string', default: '0.0.0' },
      seed: { type: 'string', default: '1' },
      fault: { type: 'string', default: 'none' },
    },
  })
  const { version } = values
  const random = seededRandom(`${values.seed} ${version}`)
  const counts = { requests: 0, errors: 0, orders: 0, dependencyCalls: 0, dependencyFailures: 0 }
  let fault = values.fault as Fault['name']
  let crashing: NodeJS.Timeout | undefined
  let waiting = 0

  const checkout = (response: ServerResponse) => {
    if (fault === 'crash') crashing ??= setTimeout(() => process.exit(1), faultDelay)
    if (waiting >= limit) return reply(response, 503, 'application/json', '{"error":"too many requests"}\n')
    const outcome = drawOutcome(random, fault)
    waiting++
    setTimeout(() => {
      waiting--
      count(counts, outcome)
      answer(response, version, outcome, counts.orders)
    }, outcome.latency)
  }

  const server = createServer(quickServer, (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url?.split('?')[0]
    request.resume()
    if (path === '/checkout') checkout(response)
    else if (path === '/healthz') reply(response, 200, 'text/plain', 'ok\n')
    else if (path === '/metrics') reply(response, 200, 'text/plain; version=0.0.4', metrics(counts))
    else reply(response, 404, 'text/plain', 'not found\n')
  })
  followParent(
    (line) => {
      fault = (JSON.parse(line) as { fault: Fault['name'] }).fault
      if (fault !== 'crash') {
        clearTimeout(crashing)
        crashing = undefined
      }
    },
    () => process.exit(0),
  )
  tellParent({ port: await listen(server, 0, `version ${version}`), pid: process.pid })
}

function answer(response: ServerResponse, version: string, outcome: Outcome, orders: number): void {
  const { status, order, dependencyFailed, faulty } = outcome
  const body =
    status === 500
      ? { version, error: 'checkout failed' }
      : { version, order: order ? orders : null, ...(dependencyFailed ? { degraded: true } : {}) }
  reply(response, status, 'application/json', `${JSON.stringify(body)}\n`, [
    ...['x-version', version],
    ...(order ? ['x-order', '1'] : []),
    ...['x-dependency', dependencyFailed ? 'failed' : 'ok'],
    ...(faulty ? ['x-fault', '1'] : []),
  ])
}

function reply(response: ServerResponse, status: number, type: string, body: string, more: string[] = []) {
  response.writeHead(status, [
    ...more,
    'content-type',
    type,
    'content-length',
    String(Buffer.byteLength(body)),
  ])
  response.end(body)
}

type Counts = Record<'requests' | 'errors' | 'orders' | 'dependencyCalls' | 'dependencyFailures', number>

function count(counts: Counts, outcome: Outcome): void {
  counts.requests++
  counts.dependencyCalls++
  if (outcome.status === 500) counts.errors++
  if (outcome.order) counts.orders++
  if (outcome.dependencyFailed) counts.dependencyFailures++
}

/** Its own names, so that nobody counts twice what the proxy counts as `orders_total`. */
function metrics(counts: Counts): string {
  const own = exposeAll([
    ['checkout_requests_total', 'counter', counts.requests],
    ['checkout_errors_total', 'counter', counts.errors],
    ['checkout_orders_total', 'counter', counts.orders],
    ['checkout_dependency_calls_total', 'counter', counts.dependencyCalls],
    ['checkout_dependency_failures_total', 'counter', counts.dependencyFailures],
  ])
  return own + processMetrics()
}
