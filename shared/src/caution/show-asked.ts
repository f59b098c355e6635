import { code, inline } from '../text/escape-markdown.ts'
import { type AskedLesson, howToAnswer } from './asked.ts'

/** One lesson in a line: what is asked, by which release, and its answer. */
export const showAsked = ({ from, text, why, state, answer }: AskedLesson): string => {
  const lesson = `${inline(text, 400)}, because ${inline(why, 200)} (${inline(from)})`
  switch (state) {
    case 'answered':
      return `${lesson}: answered by ${code(answer)}`
    case 'declined':
      return `${lesson}: declined by ${inline(answer, 600)}`
    case 'waived':
      return `${lesson}: not answered; ${inline(answer)}`
    case 'unanswered':
      return `${lesson}: **not answered**${answer === '' ? '' : ` (${inline(answer)})`}; ${inline(howToAnswer(from), 400)}`
  }
}
