import { z } from 'zod'
import type { RecordEvent } from '../record/event.ts'

const told = z.object({
  stage: z.string(),
  decision: z.string(),
  criteria: z.array(
    z.object({ id: z.string(), text: z.string(), state: z.string(), remedy: z.string().default('') }),
  ),
})

export type Gate = z.output<typeof told> & { at: string }

/** What the gates decided of one revision of the plan, oldest first; what cannot be read is left out. */
export const gatesOf = (events: readonly RecordEvent[], digest: string): Gate[] =>
  events.flatMap((event) => {
    const read =
      event.kind === 'gated' && event.digest === digest ? told.safeParse(event.data).data : undefined
    return read ? [{ ...read, at: event.at }] : []
  })

/** What went against a rule with somebody's leave, each once, as its newest gate has it. */
export const exceptedBy = (gates: readonly Gate[]): Gate['criteria'] => {
  const found = new Map<string, Gate['criteria'][number]>()
  for (const { criteria } of gates)
    for (const one of criteria) {
      if (one.state === 'excepted') found.set(one.id, one)
      else found.delete(one.id)
    }
  return [...found.values()]
}
