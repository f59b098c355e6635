/** Processor time and memory of this process in Prometheus' text format, under the names that its clients use. */
export function processMetrics(): string {
  const { user, system } = process.cpuUsage()
  return exposeAll([
    ['process_cpu_seconds_total', 'counter', (user + system) / 1e6],
    ['process_resident_memory_bytes', 'gauge', process.memoryUsage.rss()],
  ])
}

/** Metrics without labels in Prometheus' text format: name, type and value of each. */
export function exposeAll(families: [name: string, type: 'counter' | 'gauge', value: number][]): string {
  return families.map(([name, type, value]) => `# TYPE ${name} ${type}\n${name} ${value}\n`).join('')
}
