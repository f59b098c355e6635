import { execFileSync } from 'node:child_process'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

const notOurs = new Set(['.git', 'node_modules', 'build', 'reports', 'coverage', 'shared/lib'])

export type Entry = { path: string; kind: 'file' | 'link' }

/** Every file and link below the root, with forward slashes, without what is installed or built locally. */
export function entries(folder = ''): Entry[] {
  return readdirSync(join(root, folder)).flatMap((name): Entry[] => {
    const path = folder ? `${folder}/${name}` : name
    if (notOurs.has(path) || name === 'node_modules') return []
    const stat = lstatSync(join(root, path))
    if (stat.isSymbolicLink()) return [{ path, kind: 'link' }]
    return stat.isDirectory() ? entries(path) : [{ path, kind: 'file' }]
  })
}

/** Paths of files that match; throws when none does, so that a rule never passes over nothing. */
export function filesLike(pattern: RegExp): string[] {
  const found = entries()
    .filter(({ path, kind }) => kind === 'file' && pattern.test(path))
    .map(({ path }) => path)
  if (found.length === 0) throw new Error(`no file matches ${pattern}`)
  return found
}

export const read = (path: string): string => readFileSync(join(root, path), 'utf8')

export const git = (...words: string[]): Buffer =>
  execFileSync('git', words, { cwd: root, maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] })

/** Whether the root itself is a git work tree; an unpacked archive is not, though a folder above it may be. */
export function isWorkTree(): boolean {
  try {
    return git('rev-parse', '--show-prefix').toString().trim() === ''
  } catch {
    return false
  }
}
