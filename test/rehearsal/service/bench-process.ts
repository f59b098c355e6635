import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { transformSync } from '@swc/core'
import { type Bench, type BenchOptions, startBench } from '../../../rehearsal/service/bench.ts'

const source = join(import.meta.dirname, '../../../rehearsal/service')

/** The service compiled into a new folder, with an entry as the rehearsal has one: `entry --part …`. */
export function compileService(): { folder: string; entry: string } {
  const folder = mkdtempSync(join(tmpdir(), 'relman-service-'))
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue
    const { code } = transformSync(readFileSync(join(source, file), 'utf8'), {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'es6' },
    })
    const target = join(folder, file.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, code.replace(/(from |import\()(['"]\.[^'"]*)\.ts(['"])/g, '$1$2.js$3'))
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n')
  const entry = join(folder, 'entry.js')
  writeFileSync(entry, "import { runPart } from './part.js'\nawait runPart(process.argv.slice(3))\n")
  return { folder, entry }
}

export interface Service {
  bench: Bench
  outDir: string
  /** Calls the admin API; the status and the JSON of the answer. */
  admin(method: string, path: string, body?: unknown): Promise<{ status: number; body: Answer }>
  /** Query by Prometheus' API: what an instant query gives, by the values of `labels` joined with a space. */
  query(expression: string, ...labels: string[]): Promise<Record<string, number>>
}

// biome-ignore lint/suspicious/noExplicitAny: the shape of each answer is what the tests check
export type Answer = any

/** Starts a bench; `closeAll` ends every one that is still open. */
export function benches() {
  const { folder, entry } = compileService()
  const open: Bench[] = []
  let count = 0
  return {
    entry,
    folder,
    async start(options: Partial<BenchOptions> = {}): Promise<Service> {
      const outDir = join(folder, `out-${++count}`)
      const bench = await startBench({
        ...{ seed: 1, rate: 0, stable: '1.1.0', outDir, entry, scrapeMilliseconds: 100 },
        ...options,
      })
      open.push(bench)
      const admin: Service['admin'] = async (method, path, body) => {
        const text = typeof body === 'string' ? body : JSON.stringify(body)
        const response = await fetch(bench.adminUrl + path, {
          method,
          ...(body === undefined ? {} : { body: text }),
        })
        return { status: response.status, body: await response.json() }
      }
      const query: Service['query'] = async (expression, ...labels) => {
        const response = await fetch(
          `${bench.prometheusUrl}/api/v1/query?${new URLSearchParams({ query: expression })}`,
        )
        const { data } = (await response.json()) as Answer
        return Object.fromEntries(
          data.result.map(({ metric, value }: Answer) => [
            labels.map((label) => metric[label]).join(' '),
            Number(value[1]),
          ]),
        )
      }
      return { bench, outDir, admin, query }
    },
    async closeAll() {
      await Promise.all(open.map((bench) => bench.close()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Tries until `holds` says yes, at most `seconds`; throws where it never does. */
export async function eventually(holds: () => boolean | Promise<boolean>, seconds = 10): Promise<void> {
  const end = Date.now() + seconds * 1000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`still not so after ${seconds} s`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Sends `count` requests, `width` at once, and counts the answers by version and status, as a stranger would. */
export async function askMany(url: string, count: number, width = 50): Promise<Record<string, number>> {
  const seen: Record<string, number> = {}
  let left = count
  const worker = async () => {
    while (left-- > 0) {
      const response = await fetch(`${url}/checkout`)
      await response.arrayBuffer()
      const key = `${response.headers.get('x-version')} ${response.status}`
      seen[key] = (seen[key] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
  return seen
}
