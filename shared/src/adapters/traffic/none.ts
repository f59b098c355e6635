import type { TrafficRouter } from '../../ports/traffic.ts'

/** A dry run: remembers what would have been moved, says it, and reaches nothing. */
export const openNoTraffic = (say: (line: string) => void): TrafficRouter => {
  let weight = 0
  return {
    set: async (next) => {
      weight = next
      say(`dry run: would set the weight of the new version to ${next} %`)
    },
    read: async () => weight,
  }
}
