import type { Agent as HttpAgent } from 'node:http'
import { Agent, get } from '../node-http.ts'
import { type Labels, parseExposition, type Sample } from './exposition.ts'
import { labelsKey, type SeriesStore } from './series-store.ts'

/** What to scrape; `labels` go on every series that has none of that name (`honor_labels: true`). */
export interface Target {
  job: string
  url: string
  labels: Labels
}

export interface Scraper {
  /** Scrapes every target once; a target that is still being scraped is left out. */
  round(): Promise<void>
  close(): void
}

const timeout = 2000

/**
 * Scrapes into `store` as Prometheus does: samples carry the moment at which the scrape began, `up` is 1 or 0, and
 * a series that is gone from its target, or whose target is gone or does not answer, becomes stale at once.
 */
export function openScraper(store: SeriesStore, targets: () => Target[], clock: () => number): Scraper {
  const agent = new Agent({ keepAlive: true })
  const running = new Set<string>()
  /** The series that each target had at its last scrape, by the target's address. */
  const last = new Map<string, Map<string, Labels>>()

  const keep = (url: string, time: number, samples: Sample[]) => {
    const before = last.get(url)
    const now = new Map(samples.map(({ labels }) => [labelsKey(labels), labels]))
    last.set(url, now)
    for (const { labels, value } of samples) store.append(labels, time, value)
    for (const [key, labels] of before ?? []) if (!now.has(key)) store.append(labels, time, null)
  }

  const scrape = async ({ job, url, labels }: Target) => {
    if (running.has(url)) return
    running.add(url)
    const time = clock()
    const own = { job, ...labels }
    const up = (value: number): Sample => ({ labels: { __name__: 'up', ...own }, value })
    try {
      const samples = parseExposition(await read(url, agent))
      const labelled = samples.map((sample) => ({ ...sample, labels: { ...own, ...sample.labels } }))
      keep(url, time, [...labelled, up(1)])
    } catch {
      keep(url, time, [up(0)])
    } finally {
      running.delete(url)
    }
  }

  return {
    async round() {
      const current = targets()
      const known = new Set(current.map(({ url }) => url))
      for (const url of [...last.keys()]) {
        if (known.has(url) || running.has(url)) continue
        keep(url, clock(), [])
        last.delete(url)
      }
      await Promise.all(current.map(scrape))
    },
    close: () => agent.destroy(),
  }
}

function read(url: string, agent: HttpAgent): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, timeout }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'))
        else reject(new Error(`status ${response.statusCode}`))
      })
    })
    request.on('timeout', () => request.destroy(new Error('no answer in time')))
    request.on('error', reject)
  })
}
