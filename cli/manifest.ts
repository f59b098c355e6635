import { ConfigurationError } from '@relman/core/config/configuration-error'
import { checkpointInvitation } from '@relman/core/manifest/checkpoint'
import { manifestSummary } from '@relman/core/manifest/manifest-summary'
import { readManifest } from '@relman/core/manifest/read-manifest'
import { reviewManifest } from '@relman/core/manifest/review-manifest'
import { showReview } from '@relman/core/manifest/show-review'
import { readText } from './read-text.ts'

const usage = `node dist/relman manifest [FILE] [--markdown | --json | --invitation]

Reads a release manifest (default: release-manifest.yml): order of deployment, rollback sequence, who has not confirmed, what
holds it. --markdown prints it with the drawing of the dependencies, --json as data, --invitation the go or no-go checkpoint
as an iCalendar file.
Exit status: 0 ready, 1 not ready or not valid.`

const forms = ['--markdown', '--json', '--invitation']

/** `relman manifest`: prints the review of a file and says whether the release is ready. */
export const manifest = (args: readonly string[]): boolean => {
  const { text, ready } = review(args, new Date().toISOString())
  console.log(text)
  return ready
}

const review = (args: readonly string[], now: string): { text: string; ready: boolean } => {
  const [file = 'release-manifest.yml', ...more] = args.filter((arg) => !forms.includes(arg))
  const wanted = args.filter((arg) => forms.includes(arg))
  const odd = [file, ...more].find((arg) => arg.startsWith('-'))
  if (odd !== undefined || more.length > 0 || wanted.length > 1)
    throw new ConfigurationError(`${odd ?? [...more, ...wanted].join(' ')} was not expected\n\n${usage}`)
  const written = readManifest(readText(file), file)
  const found = reviewManifest(written)
  const text = {
    '--markdown': () => manifestSummary(written, found),
    '--json': () => JSON.stringify(found, null, 2),
    '--invitation': () => {
      if (!found.checkpoint)
        throw new ConfigurationError('no checkpoint is written, so that nobody can be invited', { file })
      const agenda = found.blockers.map((blocker) => blocker.text)
      return checkpointInvitation(written, found.checkpoint, agenda, now).trimEnd()
    },
  }[wanted[0] ?? '']
  return { text: text?.() ?? showReview(written, found), ready: found.ready }
}
