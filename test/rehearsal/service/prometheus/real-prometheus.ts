import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../bench-process.ts'

/** Whether `prometheus` and `promtool` are on the PATH. */
export function hasPrometheus(): boolean {
  try {
    for (const tool of ['prometheus', 'promtool']) execFileSync(tool, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export interface RealPrometheus {
  url: string
  /** Ends it at once, as a lost machine would; what it had written stays. */
  kill(): Promise<void>
  /** Starts it again at the same address over what it had written; ready when this ends. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** Starts the real one with samples in the OpenMetrics format already stored, or targets to scrape. */
export async function startRealPrometheus(options: {
  samples?: string
  targets?: string[]
  flags?: string[]
  /** Between two scrapes, and as long as one may take. */
  interval?: string
}): Promise<RealPrometheus> {
  const { interval = '100ms' } = options
  const folder = mkdtempSync(join(tmpdir(), 'relman-prometheus-'))
  const config = join(folder, 'prometheus.yml')
  writeFileSync(
    config,
    JSON.stringify({
      global: { scrape_interval: interval, scrape_timeout: interval },
      scrape_configs: (options.targets ?? []).map((target, at) => ({
        job_name: `job-${at}`,
        honor_labels: true,
        static_configs: [{ targets: [target], labels: { instance: `target-${at}` } }],
      })),
    }),
  )
  if (options.samples !== undefined) {
    writeFileSync(join(folder, 'samples'), options.samples)
    execFileSync(
      'promtool',
      ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'samples'), join(folder, 'data')],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
  }
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const start = async () => {
    const server = spawn(
      'prometheus',
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=error',
        ...(options.flags ?? []),
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    )
    await eventually(
      () =>
        fetch(`${url}/-/ready`).then(
          ({ ok }) => ok,
          () => false,
        ),
      20,
    )
    return server
  }
  let server = await start()
  const end = async (signal: NodeJS.Signals) => {
    if (server.exitCode !== null || server.signalCode !== null) return
    server.kill(signal)
    await once(server, 'exit')
  }
  return {
    url,
    kill: () => end('SIGKILL'),
    restart: async () => {
      server = await start()
    },
    async close() {
      await end('SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

// biome-ignore lint/suspicious/noExplicitAny: replies of both are compared whole
type Reply = any

/** A reply of the API without what may differ: the order of series, the wording of an error, rounding of sums. */
export function comparable({ status, body }: { status: number; body: Reply }): unknown {
  if (body.status !== 'success') return { status, errorType: body.errorType }
  const { resultType, result } = body.data
  if (resultType === 'scalar') return { status, resultType, result }
  const rows = (result as Reply[]).map(({ metric, value, values }) => ({
    metric: JSON.stringify(Object.entries(metric).sort()),
    values: ((values ?? [value]) as [number, string][]).map(([time, text]) => [
      time,
      /^[+-]?Inf$|^NaN$/.test(text) ? text : Number(Number(text).toPrecision(12)),
    ]),
  }))
  return { status, resultType, rows: rows.sort((a, b) => (a.metric < b.metric ? -1 : 1)) }
}
