import { createInterface } from 'node:readline/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Ask, Question } from '../play/review.ts'
import { terminalPage } from './approver-page.ts'

/** Approves and says so: for `--yes` and wherever nobody can be asked. */
export const approveAll: Ask = async () => ({ state: 'approved', comment: 'approved by the rehearsal' })

/** The first role says no, the others are not needed. */
export const rejectAll: Ask = async () => ({
  state: 'rejected',
  comment: 'rejected by the rehearsal: not this week',
})

/** Sign-offs are asked for together; their lines of progress come before the first question. */
const settle = 300

/**
 * Shows on a terminal what the approver would see, and asks. One question after the other, so that one answer never
 * counts for two roles; a page that was shown already is not shown again.
 */
export const askPerson = (input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Ask => {
  let before: Promise<unknown> = Promise.resolve()
  let shown = ''
  const ask = async ({ environment, reviewer, page }: Question): Promise<Answer> => {
    await sleep(settle)
    if (page !== shown) output.write(`\n${terminalPage(page)}\n`)
    shown = page
    output.write(`\n${environment} asks ${reviewer}, whom you play here, about the release above.\n`)
    const lines = createInterface({ input, output })
    // A closed terminal is no approval.
    const closed = new Promise<string>((done) => lines.once('close', () => done('no')))
    const typed = await Promise.race([lines.question('Approve? [y/N] '), closed])
    lines.close()
    const state = /^y(es)?$/i.test(typed.trim()) ? 'approved' : 'rejected'
    return { state, comment: `${state} at the terminal` }
  }
  return (question) => {
    const answer = before.then(() => ask(question))
    before = answer.catch(() => {})
    return answer
  }
}
