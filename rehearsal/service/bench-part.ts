import { parseArgs } from 'node:util'
import { openAccessLog } from './access-log.ts'
import { openAdmin } from './admin.ts'
import { openCounters } from './counters.ts'
import { parseFault } from './fault.ts'
import { startLoad } from './load.ts'
import { closeServer, listen } from './loopback.ts'
import { followParent, tellParent } from './parent.ts'
import { openPrometheus } from './prometheus/server.ts'
import { openProxy } from './proxy.ts'
import { seededRandom } from './random.ts'
import { exactRoute } from './route.ts'
import { canaryInstance, openServiceState } from './service-state.ts'
import { openTruth } from './truth.ts'

/** What `startBench` asks of the process that it starts, as JSON in `--options`. */
export interface BenchPartOptions {
  entry: string
  seed: number | string
  rate: number
  stable: string
  outDir: string
  scrapeMilliseconds: number
  fault: { name: string; 'from-weight'?: number }
  ports: { data: number; admin: number; prometheus: number }
}

/** Proxy, load, metrics and truth in one process; the versions in theirs. Ends with its parent. */
export async function runBench(argv: string[]): Promise<void> {
  const { values } = parseArgs({ args: argv, options: { options: { type: 'string', default: '{}' } } })
  const options = JSON.parse(values.options) as BenchPartOptions
  try {
    await open(options)
  } catch (error) {
    tellParent({ error: (error as Error).message })
    process.exitCode = 1
    process.stdin.destroy()
  }
}

async function open(options: BenchPartOptions): Promise<void> {
  const { entry, seed, rate, stable, ports } = options
  const clock = () => Date.now()
  const counters = openCounters()
  const truth = openTruth(stable, clock)
  const log = openAccessLog(options.outDir)
  const closing: (() => unknown)[] = [() => log.close()]
  const close = async () => {
    for (const step of closing.toReversed()) await step()
  }
  try {
    const state = await openServiceState(
      { entry, seed, stable, fault: parseFault(options.fault) },
      counters,
      truth,
    )
    closing.push(() => state.close())
    const route = exactRoute(seededRandom(`${seed} route`))
    const proxy = openProxy({ state, route, counters, truth, log: (row) => log.write(row), clock })
    const data = await listen(proxy, ports.data, 'data')
    closing.push(() => closeServer(proxy))

    const load = startLoad(data, rate, seededRandom(`${seed} load`))
    closing.push(() => load.stop())
    const quiet = async () => {
      await load.quiet()
      log.flush()
    }
    const admin = openAdmin({ state, counters, truth, loadCounts: () => load.counts(), quiet })
    const adminPort = await listen(admin, ports.admin, 'admin')
    closing.push(() => closeServer(admin))

    const prometheus = openPrometheus({
      interval: options.scrapeMilliseconds,
      clock,
      targets: () => targetsOf(adminPort, state),
    })
    closing.push(() => prometheus.close())
    const prometheusPort = await listen(prometheus.server, ports.prometheus, 'prometheus')

    await prometheus.scrape()

    followParent(
      () => {},
      () => void close().finally(() => process.exit(0)),
    )
    tellParent({ data, admin: adminPort, prometheus: prometheusPort })
  } catch (error) {
    await close()
    throw error
  }
}

/** The proxy counts the requests; each version says how it is itself, under names of its own. */
function targetsOf(admin: number, state: Parameters<typeof openAdmin>[0]['state']) {
  const canary = state.canary()
  const versions = [{ arm: state.stable, instance: 'stable-1' }]
  if (canary !== null && !state.hidden().has(canary.version)) {
    versions.push({ arm: canary, instance: canaryInstance })
  }
  return [
    { job: 'proxy', url: `http://127.0.0.1:${admin}/metrics`, labels: { instance: 'proxy' } },
    ...versions.map(({ arm, instance }) => ({
      job: 'checkout',
      url: `http://127.0.0.1:${arm.port}/metrics`,
      labels: { instance, version: arm.version },
    })),
  ]
}
