import { copyFileSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Played } from '../play/played.ts'

/** Keeps what the plan job leaves in the runner's temporary folder, which ends with the job. */
export const keepPlan = (temp: string, out: string): void => {
  for (const path of filesIn(temp, '', (name) => name !== 'history.git' && name !== 'preview')) {
    if (['plan.json', 'deployment-plan.md'].includes(basename(path)))
      copyFileSync(join(temp, path), join(out, basename(path)))
  }
}

/** Writes what a release leaves behind to the output folder. */
export const writeFiles = (played: Played): void => {
  const put = (name: string, text: string) => writeFileSync(join(played.out, name), text)
  put('record.jsonl', played.record.map((event) => `${JSON.stringify(event)}\n`).join(''))
  if (played.notes !== null) put('notes.md', played.notes)
  if (played.ticket !== null) put('ticket.md', played.ticket)
}

/** Every file below a folder, by path; `enter` says which folders are looked into. */
export const filesIn = (
  folder: string,
  prefix = '',
  enter: (name: string) => boolean = () => true,
): string[] =>
  readdirSync(join(folder, prefix), { withFileTypes: true })
    .flatMap((entry) => {
      const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`
      if (!entry.isDirectory()) return [path]
      return enter(entry.name) ? filesIn(folder, path, enter) : []
    })
    .sort()
