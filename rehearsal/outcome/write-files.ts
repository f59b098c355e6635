import { copyFileSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Played } from '../play/played.ts'

/** Writes what a release leaves behind to the output folder; `temp` is where its jobs kept their files. */
export const writeFiles = (played: Played, temp: string): void => {
  const put = (name: string, text: string) => writeFileSync(join(played.out, name), text)
  put('record.jsonl', played.record.map((event) => `${JSON.stringify(event)}\n`).join(''))
  const left = filesIn(temp).filter((path) => !path.startsWith('preview/'))
  for (const name of ['plan.json', 'deployment-plan.md']) {
    const path = left.find((one) => basename(one) === name)
    if (path) copyFileSync(join(temp, path), join(played.out, name))
  }
  if (played.notes !== null) put('notes.md', played.notes)
}

export const filesIn = (folder: string, prefix = ''): string[] =>
  readdirSync(join(folder, prefix), { withFileTypes: true })
    .flatMap((entry) => {
      const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`
      return entry.isDirectory() ? filesIn(folder, path) : [path]
    })
    .sort()
