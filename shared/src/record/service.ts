import { z } from 'zod'
import { runRef } from './event.ts'

/** The right to change what a service runs. `token` grows with every lease; a holder with an older one is refused. */
export const lease = z.object({
  token: z.number().int().positive(),
  release: z.string(),
  digest: z.string(),
  run: runRef,
  takenAt: z.string(),
  expiresAt: z.string(),
  deployment: z.number().int().nullable(),
})
export type Lease = z.output<typeof lease>

const shipped = z.object({ version: z.string(), sha: z.string(), digest: z.string(), at: z.string() })

/** What is true of a service now; written in the same commit as the event that changed it. */
export const service = z.object({
  schema: z.literal(1),
  service: z.string(),
  fence: z.number().int().nonnegative().describe('The highest fencing token given out'),
  lease: lease.nullable(),
  live: shipped.nullable(),
  previous: shipped.nullable(),
  blocked: z.array(z.object({ version: z.string(), reason: z.string(), at: z.string() })),
})
export type Service = z.output<typeof service>
