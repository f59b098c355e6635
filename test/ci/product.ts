import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { git, root } from '../repo/tree.ts'

/** A folder below the system's, and how to remove it. */
export function workbench(): { folder: string; close: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'relman-checks-'))
  return { folder, close: () => rmSync(folder, { recursive: true, force: true }) }
}

/** A fresh clone of this very commit, as somebody gets it: nothing installed, nothing built but what is committed. */
export function freshClone(folder: string): string {
  const clone = join(folder, `clone-${readdirSync(folder).length}`)
  git('clone', '--quiet', '--no-hardlinks', root, clone)
  if (process.env['RELMAN_DIST']) {
    // While a bundle is not committed yet: a build of it.
    rmSync(join(clone, 'dist'), { recursive: true, force: true })
    cpSync(process.env['RELMAN_DIST'], join(clone, 'dist'), { recursive: true })
  }
  return clone
}

function change(path: string, edit: (text: string) => string): void {
  const before = readFileSync(path, 'utf8')
  const after = edit(before)
  if (after === before) throw new Error(`${path} is not as the control expects it: nothing was changed`)
  writeFileSync(path, after)
}

type Job = { needs?: string | string[]; if?: string }

/** Takes the undo job out of a clone's rollout, and out of the jobs that wait for it. */
export function deleteUndo(clone: string): void {
  change(join(clone, '.github/workflows/rollout.yml'), (text) => {
    const workflow = parse(text) as { jobs: Record<string, Job> }
    delete workflow.jobs['undo']
    for (const job of Object.values(workflow.jobs)) {
      if (Array.isArray(job.needs)) job.needs = job.needs.filter((name) => name !== 'undo')
    }
    return stringify(workflow).replaceAll(/\$\{\{ needs\.undo\.[\w.]+ \}\}/g, 'skipped')
  })
}

/** Replaces the judge of a clone by one that finds everything healthy, and builds the actions anew. */
export function blindJudge(clone: string): void {
  change(join(clone, 'shared/src/verdict/judge.ts'), (text) =>
    text
      .replace('verdict: combined.verdict,', "verdict: 'healthy',")
      .replace('reason: combined.reason,', "reason: 'proven',"),
  )
  linkPackages(clone)
  const run = (...words: string[]) =>
    execFileSync(process.execPath, words, { cwd: clone, stdio: ['ignore', 'ignore', 'inherit'] })
  run('node_modules/typescript/bin/tsc', '-b', 'scripts')
  run('build/scripts/build.js', '--only', 'core')
}

/** The packages of this clone, but the core of that one: a link to all of node_modules would lead back to our sources. */
function linkPackages(clone: string): void {
  const modules = join(root, 'node_modules')
  mkdirSync(join(clone, 'node_modules/@relman'), { recursive: true })
  symlinkSync(join(clone, 'shared'), join(clone, 'node_modules/@relman/core'))
  for (const name of readdirSync(modules).filter((name) => name !== '@relman')) {
    symlinkSync(join(modules, name), join(clone, 'node_modules', name))
  }
  if (!existsSync(join(clone, 'node_modules/typescript'))) throw new Error('run npm ci first')
}
