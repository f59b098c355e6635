import { describe, expect, test } from '@jest/globals'
import { cycle, faultsOf, isConcept, roomOf, target } from './import-rule.ts'
import { syntaxOf } from './syntax.ts'
import { filesLike, read } from './tree.ts'

const sources = filesLike(/^(shared\/src|actions|cli|rehearsal|scripts|test)\/.*\.ts$/).map((path) => ({
  path,
  syntax: syntaxOf(read(path)),
}))

test('every import keeps the dependency rule', () => {
  const faults = sources.flatMap(({ path, syntax }) =>
    syntax.imports.flatMap((wanted) => faultsOf(path, wanted)),
  )
  expect(faults).toEqual([])
})

test('every relative import ends in .ts or .json', () => {
  const faults = sources.flatMap(({ path, syntax }) =>
    syntax.imports
      .filter(({ from }) => from.startsWith('.') && !/\.(ts|json)$/.test(from))
      .map(({ from }) => `${path}: ${from}`),
  )
  expect(faults).toEqual([])
})

test('concepts import each other without a circle', () => {
  const edges = new Map<string, Set<string>>()
  const files = new Map<string, string[]>()
  for (const { path, syntax } of sources.filter(({ path }) => isConcept(path))) {
    const rooms = edges.get(roomOf(path)) ?? new Set()
    edges.set(roomOf(path), rooms)
    for (const { from } of syntax.imports) {
      const file = target(path, from)
      if (file === undefined || roomOf(file) === roomOf(path)) continue
      rooms.add(roomOf(file))
      const edge = `${roomOf(path)} -> ${roomOf(file)}`
      files.set(edge, [...(files.get(edge) ?? []), `${path} imports ${from}`])
    }
  }
  expect(edges.size).toBeGreaterThan(3)
  const round = cycle(edges) ?? []
  const steps = round.slice(1).map((room, index) => `${round[index]} -> ${room}`)
  expect(steps.flatMap((edge) => [edge, ...(files.get(edge) ?? [])])).toEqual([])
})

test('a concept reads no clock, no randomness, no environment, and prints nothing', () => {
  const faults = sources
    .filter(({ path }) => isConcept(path))
    .flatMap(({ path, syntax }) => syntax.impure.map((what) => `${path}: ${what}`))
  expect(faults).toEqual([])
})

describe('the rule itself', () => {
  const concept = 'shared/src/plan/freeze.ts'
  test.each([
    [concept, `import { readFileSync } from 'node:fs'`],
    [concept, `import * as core from '@actions/core'`],
    [concept, `import type { Clock } from '../ports/clock.ts'`],
    [concept, `export { now } from '../adapters/clock.ts'`],
    [concept, `const late = await import('node:os')`],
    ['shared/src/ports/git.ts', `import { plan } from '../plan/plan.ts'`],
    ['shared/src/ports/git.ts', `import { z } from 'zod'`],
    ['shared/src/runtime/outputs.ts', `import { x } from '../../../actions/rollback/rollback.ts'`],
    ['actions/rollback/undo.ts', `import { openGit } from '@relman/core/adapters/git/open'`],
    ['actions/rollback/undo.ts', `import { x } from '../canary-step/walk.ts'`],
    ['actions/rollback/undo.ts', `import { x } from '../../shared/src/plan/plan.ts'`],
    ['cli/relman.ts', `import { x } from '../actions/rollback/rollback.ts'`],
    ['rehearsal/runner/run.ts', `import type { Plan } from '@relman/core/plan/plan'`],
    ['rehearsal/runner/run.ts', `import { x } from '../../shared/src/plan/plan.ts'`],
  ])('%s may not %s', (path, source) => {
    expect(syntaxOf(source).imports.flatMap((wanted) => faultsOf(path, wanted))).not.toEqual([])
  })

  test.each([
    [concept, `import { z } from 'zod'`],
    [concept, `import { add } from '../schedule/window.ts'`],
    ['shared/src/ports/git.ts', `import type { Change } from '../scope/change.ts'`],
    ['shared/src/adapters/git/open.ts', `import { execFile } from 'node:child_process'`],
    ['actions/rollback/main.ts', `import { openGit } from '@relman/core/adapters/git/open'`],
    ['test/rehearsal/runner/run.test.ts', `import { run } from '../../../rehearsal/runner/run.ts'`],
  ])('%s may %s', (path, source) => {
    expect(syntaxOf(source).imports.flatMap((wanted) => faultsOf(path, wanted))).toEqual([])
  })

  test.each([
    'Date.now()',
    'new Date()',
    'Math.random()',
    'process.env.X',
    'fetch("x")',
    'crypto.randomUUID()',
  ])('%s is seen', (source) => {
    expect(syntaxOf(source).impure).not.toEqual([])
  })

  test('a property or a date from text is no clock', () => {
    expect(syntaxOf('run.process; ({ process: 1 }); new Date("2026-01-01"); Date.parse(x)').impure).toEqual(
      [],
    )
  })

  test('a circle is found', () => {
    const edges = (...pairs: Array<[string, string[]]>) => new Map(pairs.map(([a, b]) => [a, new Set(b)]))
    expect(cycle(edges(['a', ['b']], ['b', ['c']], ['c', ['a']]))).toEqual(['a', 'b', 'c', 'a'])
    expect(cycle(edges(['a', ['b', 'c']], ['b', ['c']], ['c', []]))).toBeUndefined()
  })
})
