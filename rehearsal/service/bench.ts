import { mkdirSync } from 'node:fs'
import type { BenchPartOptions } from './bench-part.ts'
import { startChild } from './child.ts'
import type { FaultName } from './fault.ts'
import type { LoadCounts } from './load.ts'
import { request } from './node-http.ts'
import type { TruthReport } from './truth.ts'

export type { FaultName } from './fault.ts'
export { faultNames } from './fault.ts'
export type { LoadCounts } from './load.ts'
export type { TruthReport } from './truth.ts'

export interface BenchOptions {
  seed: number | string
  /** Requests a second of the load; 0 for none. */
  rate: number
  /** The version that serves now. */
  stable: string
  /** Gets `access.log`; made where it is missing. */
  outDir: string
  /** The canary's fault, from the weight (percent) on; none by default. */
  fault?: FaultName | 'none' | { name: FaultName | 'none'; fromWeight: number }
  /** Ports on 127.0.0.1; free ones by default. */
  ports?: { data?: number; admin?: number; prometheus?: number }
  /** How often Prometheus scrapes, in milliseconds; 500 by default. */
  scrapeMilliseconds?: number
  /** The script that hands `--part …` to `runPart`; by default the one that runs. */
  entry?: string
}

/** A running service with traffic and metrics. Its admin API is described at `openAdmin`. */
export interface Bench {
  dataUrl: string
  adminUrl: string
  prometheusUrl: string
  /** Process id of proxy, load and metrics. */
  pid: number
  /** What the service counted between two moments (ms since 1970), with `series` by second. */
  truth(window?: { from?: number; to?: number; series?: boolean }): Promise<TruthReport>
  setFault(name: FaultName | 'none', fromWeight?: number): Promise<void>
  /** Ends the load and says when: from then on nothing changes but what others ask. */
  quiet(): Promise<number>
  /** What the load counted, from outside. */
  counts(): Promise<LoadCounts>
  /** Ends every process of the bench; safe to call twice. */
  close(): Promise<void>
}

/**
 * Starts the demo service: stable version, weighted proxy, load, Prometheus. The canary starts with POST /deploy.
 * Throws an `Error` with one sentence where it cannot, for example because a port is in use. Every process of the
 * bench ends with this one, however it ends.
 */
export async function startBench(options: BenchOptions): Promise<Bench> {
  const { seed, rate, stable, outDir, fault = 'none', ports = {}, entry = process.argv[1] ?? '' } = options
  try {
    mkdirSync(outDir, { recursive: true })
  } catch (error) {
    throw new Error(
      `${outDir} cannot be made (${(error as NodeJS.ErrnoException).code}): choose another folder.`,
    )
  }
  const part: BenchPartOptions = {
    entry,
    seed,
    rate,
    stable,
    outDir,
    scrapeMilliseconds: options.scrapeMilliseconds ?? 500,
    fault:
      typeof fault === 'string' ? { name: fault } : { name: fault.name, 'from-weight': fault.fromWeight },
    ports: { data: ports.data ?? 0, admin: ports.admin ?? 0, prometheus: ports.prometheus ?? 0 },
  }
  const child = await startChild<{ data: number; admin: number; prometheus: number }>(entry, [
    'bench',
    '--options',
    JSON.stringify(part),
  ])
  const url = (port: number) => `http://127.0.0.1:${port}`
  const adminUrl = url(child.ready.admin)
  return {
    dataUrl: url(child.ready.data),
    adminUrl,
    prometheusUrl: url(child.ready.prometheus),
    pid: child.process.pid ?? 0,
    truth({ from, to, series = false } = {}) {
      const query = new URLSearchParams({
        ...(from === undefined ? {} : { from: String(from) }),
        ...(to === undefined ? {} : { to: String(to) }),
        ...(series ? { series: '1' } : {}),
      })
      return call<TruthReport>('GET', `${adminUrl}/truth?${query}`)
    },
    async setFault(name, fromWeight) {
      const weight = fromWeight === undefined ? {} : { 'from-weight': fromWeight }
      await call('PUT', `${adminUrl}/fault`, { name, ...weight })
    },
    quiet: async () => (await call<{ at: number }>('POST', `${adminUrl}/quiet`)).at,
    counts: () => call<LoadCounts>('GET', `${adminUrl}/counts`),
    close: () => child.stop(),
  }
}

function call<Answer>(method: string, url: string, body?: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const answer = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Answer & { error?: string }
        if (response.statusCode === 200) resolve(answer)
        else reject(new Error(answer.error ?? `${method} ${url} answered ${response.statusCode}.`))
      })
    })
    sent.on('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
