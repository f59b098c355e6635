import type { MetricsProvider } from '../../ports/metrics.ts'

/** No provider is configured: nothing is ever seen, so nothing is ever proven. */
export const openNoMetrics = (): MetricsProvider => ({
  observe: async () => ({ observations: [], down: null }),
  range: async () => ({ observations: [], down: null }),
})
