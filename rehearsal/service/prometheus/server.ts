import type { Server } from 'node:http'
import { jsonServer } from '../json-server.ts'
import { closeServer } from '../loopback.ts'
import { answerApi } from './api.ts'
import { openScraper, type Target } from './scrape.ts'
import { openSeriesStore } from './series-store.ts'

export interface Prometheus {
  server: Server
  /** Scrapes once, besides the regular rounds. */
  scrape(): Promise<void>
  close(): void
}

/** A small Prometheus: scrapes `targets()` every `interval` ms into memory; `server` answers its HTTP API. */
export function openPrometheus(options: {
  interval: number
  clock: () => number
  targets: () => Target[]
}): Prometheus {
  const { interval, clock, targets } = options
  const store = openSeriesStore()
  const scraper = openScraper(store, targets, clock)
  const server = jsonServer((request) => answerApi(store, clock, request))
  const timer = setInterval(() => void scraper.round(), interval)
  return {
    server,
    scrape: () => scraper.round(),
    close() {
      clearInterval(timer)
      scraper.close()
      closeServer(server)
    },
  }
}
