import type { RecordedEvent } from '../play/played.ts'
import { tryGit } from './run-git.ts'

/** Every event on the branch `relman-record`, in the order of its release and sequence; none when nothing was recorded. */
export const readRecord = (gitDir: string): RecordedEvent[] => {
  const listed = tryGit(gitDir, ['ls-tree', '-r', '-z', '--name-only', 'relman-record', '--', 'releases/'])
  if (listed.code !== 0) return []
  const paths = listed.stdout.split('\0').filter((path) => path.endsWith('.json'))
  const events = paths.map(
    (path) => JSON.parse(tryGit(gitDir, ['show', `relman-record:${path}`]).stdout) as RecordedEvent,
  )
  return events.sort((a, b) => a.release.localeCompare(b.release) || a.seq - b.seq)
}

/** A file of the record branch; null when absent. */
export const readRecordFile = (gitDir: string, path: string): string | null => {
  const shown = tryGit(gitDir, ['show', `relman-record:${path}`])
  return shown.code === 0 ? shown.stdout : null
}
