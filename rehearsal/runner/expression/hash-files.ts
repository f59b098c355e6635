import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { data } from '@actions/expressions'
import type { FunctionDefinition } from '@actions/expressions/funcs/info'

/**
 * hashFiles(patterns…): SHA-256 over the SHA-256 of each matching file under the workspace, '' when none matches;
 * a pattern that starts with `!` excludes (docs: expressions#hashfiles; runner: src/Misc/expressionFunc/hashFiles).
 */
export function hashFiles(workspace: string): FunctionDefinition {
  return {
    name: 'hashFiles',
    minArgs: 1,
    maxArgs: 255,
    call: (...args) =>
      new data.StringData(
        digestOf(
          workspace,
          args.map((argument) => argument.coerceString()),
        ),
      ),
  }
}

function digestOf(workspace: string, patterns: string[]): string {
  const lines = patterns
    .flatMap((pattern) => pattern.split('\n'))
    .map((line) => line.trim())
    .filter(Boolean)
  const excluded = lines.filter((line) => line.startsWith('!')).map((line) => patternOf(line.slice(1)))
  const included = lines.filter((line) => !line.startsWith('!'))
  // A pattern without a wildcard names one file: no walk through the workspace for it.
  const literal = included.every((line) => !/[*?[]/.test(line))
  const candidates = literal ? included.map((line) => line.replace(/^\.\//, '')) : filesUnder(workspace)
  const wanted = included.map(patternOf)
  const total = createHash('sha256')
  let found = false
  for (const path of candidates.sort()) {
    if (!wanted.some((p) => p.test(path)) || excluded.some((p) => p.test(path))) continue
    const content = contentOf(join(workspace, path))
    if (content === undefined) continue
    found = true
    total.update(createHash('sha256').update(content).digest())
  }
  return found ? total.digest('hex') : ''
}

function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
}

/** `*` and `?` stay within a folder, `**` crosses folders. */
function patternOf(glob: string): RegExp {
  const body = glob
    .replace(/^\.\//, '')
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(
      /\*\*\/|\*\*|\*|\?/g,
      (wild) => ({ '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*' })[wild] ?? '[^/]',
    )
  return new RegExp(`^${body}$`)
}
