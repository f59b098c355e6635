import { createInterface } from 'node:readline/promises'
import type { Answer, Ask, Question } from '../play/review.ts'

/** Approves and says so: for `--yes` and wherever nobody can be asked. */
export const approveAll: Ask = async () => ({ state: 'approved', comment: 'approved by the rehearsal' })

/** The first role says no, the others are not needed. */
export const rejectAll: Ask = async () => ({
  state: 'rejected',
  comment: 'rejected by the rehearsal: not this week',
})

/** Shows on a terminal what the approver would see, and asks. */
export const askPerson =
  (input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Ask =>
  async ({ environment, reviewer, page }: Question): Promise<Answer> => {
    output.write(`\n${page.trim()}\n\n`)
    const lines = createInterface({ input, output })
    // A closed terminal is no approval.
    const closed = new Promise<string>((done) => lines.once('close', () => done('no')))
    const typed = await Promise.race([
      lines.question(`${environment}: approve as ${reviewer}? [y/N] `),
      closed,
    ])
    lines.close()
    const state = /^y(es)?$/i.test(typed.trim()) ? 'approved' : 'rejected'
    return { state, comment: `${state} at the terminal` }
  }
