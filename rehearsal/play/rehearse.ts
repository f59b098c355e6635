import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Arguments } from '../command/arguments.ts'
import { approveAll, askPerson, rejectAll } from '../live/ask.ts'
import { line } from '../live/progress.ts'
import { type Document, writeDocument } from '../outcome/document.ts'
import { exitStatus } from '../outcome/exit-status.ts'
import { filesIn, writeFiles } from '../outcome/write-files.ts'
import { writeReport } from '../report/report.ts'
import { scenarios } from '../scenario/scenarios.ts'
import type { Place } from './place.ts'
import { play } from './play.ts'

/** Plays, writes the files and the report, and says how it ended. @returns the exit status. */
export const rehearse = async (given: Arguments, place: Place): Promise<number> => {
  const { out } = place
  const say = given.json ? () => {} : (text: string) => console.log(text)
  const scenario = scenarios[given.scenario]
  const asks = !given.json && !given.yes && process.stdin.isTTY === true && process.stdout.isTTY === true
  const rejects = 'event' in scenario && scenario.event === 'reject' && !given.faultOff
  say(`relman rehearsal: ${given.scenario} — ${scenario.story}`)
  say(
    'rehearsal margins, not production defaults: looks of 1 s, margins 3/2/1/0.5/0.5 points, 1,000 requests a second',
  )
  if (!asks)
    say(
      rejects
        ? 'sign-offs: the first role says no'
        : `sign-offs: approved without asking${given.yes ? ' (--yes)' : ', because nobody can be asked here'}`,
    )
  const startedAt = Date.now()
  const played = await play(
    given,
    place,
    rejects ? rejectAll : asks ? askPerson(process.stdin, process.stdout) : approveAll,
    (event) => {
      const text = line(event, startedAt)
      if (text !== null) say(text)
    },
  )
  writeFiles(played)
  const document = writeDocument(played, [])
  writeFileSync(join(out, 'report.html'), writeReport(played, document))
  document.files = filesIn(out)
  if (given.json) console.log(JSON.stringify(document, null, 2))
  else say(closing(document, out))
  return exitStatus(document.outcome)
}

const closing = (document: Document, out: string): string =>
  [
    '',
    `${document.outcome}: ${document.previous} → ${document.version} (${document.reasonCode}) in ${document.seconds} s`,
    `traffic: ${Math.round(document.traffic.canary * 100)} % on ${document.version}; ${document.requests.total} requests, ${document.requests.failed} failed`,
    ...(document.recoverySeconds === null
      ? []
      : [`back ${document.recoverySeconds} s after the fault was found`]),
    ...document.violations.map((violation) => `GitHub's contract was broken: ${violation}`),
    `open ${join(out, 'report.html')}`,
  ].join('\n')
