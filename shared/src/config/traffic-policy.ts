import { z } from 'zod'
import { plainAddress } from './plain-address.ts'
import { command, duration } from './units.ts'

const commandDriver = z.strictObject({
  driver: z.literal('command'),
  set: command.describe(
    'Moves traffic; RELMAN_WEIGHT, RELMAN_VERSION and RELMAN_PREVIOUS are in its environment',
  ),
  get: command.describe('Prints the present weight as a number'),
  timeout: duration.default(60),
})

const httpDriver = z.strictObject({
  driver: z.literal('http'),
  url: plainAddress.describe('GET answers {"weight": n}; PUT takes the same'),
  secret: z.string().optional().describe('Name of the environment variable that holds a bearer token'),
  timeout: duration.default(10),
})

/** Who moves the traffic, and how. */
export const trafficPolicy = z.discriminatedUnion('driver', [commandDriver, httpDriver])

export type TrafficPolicy = z.output<typeof trafficPolicy>
