import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { names } from '../../actions/dispatch.ts'
import { filesLike, read } from './tree.ts'

type Field = { description?: string; required?: boolean; default?: unknown }
type Fields = Record<string, Field>
type Reader = { safeParse: (value: unknown) => { success: boolean; data?: unknown } }

/** The contract of version 1: an action keeps these outputs, and may get more. */
const own: Record<string, string[]> = {
  'plan-release': [
    ...['version', 'previous', 'tag', 'digest', 'service', 'environment', 'sha', 'risk', 'signoffs', 'plan'],
  ],
  'risk-gate': ['token', 'deployment'],
  'canary-step': ['weight', 'verdict', 'state'],
  'verify-metrics': ['verdict', 'evidence'],
  rollback: ['recovered', 'weight', 'found', 'digest', 'deployment', 'token'],
  'publish-notes': ['state', 'url'],
}
const common = ['decision', 'reason-code', 'result']

/** Where an `action.yml` and the schema of its inputs differ. */
const inputFaults = (declared: Fields, schema: Record<string, Reader>): string[] => {
  const faults = [
    ...Object.keys(declared)
      .filter((name) => !schema[name])
      .map((name) => `${name} is read by nobody`),
    ...Object.keys(schema)
      .filter((name) => !declared[name])
      .map((name) => `${name} is not declared`),
    ...Object.entries(declared)
      .filter(([, { description }]) => !description?.trim())
      .map(([name]) => `${name} is not described`),
  ]
  for (const [name, { required, default: fallback }] of Object.entries(declared)) {
    const reader = schema[name]
    if (!reader) continue
    const empty = reader.safeParse('')
    if (required && fallback !== undefined) faults.push(`${name} is required and has a default`)
    if (!empty.success && !required) faults.push(`${name} is needed, but not required`)
    if (empty.success && required) faults.push(`${name} is required, but nothing needs it`)
    // An expression is not known before the run.
    if (!empty.success || String(fallback).includes('${' + '{')) continue
    const given = reader.safeParse(String(fallback ?? ''))
    if (!given.success) faults.push(`${name}: its default is not valid`)
    else if (JSON.stringify(given.data) !== JSON.stringify(empty.data)) faults.push(`${name}: two defaults`)
    else if (
      (fallback ?? '') === '' &&
      !['""', 'null', undefined, 'false'].includes(JSON.stringify(empty.data))
    )
      faults.push(`${name}: its default ${JSON.stringify(empty.data)} is not declared`)
  }
  return faults
}

const actions = names.filter((name) => name !== 'relman')
const action = (name: string): { name: string; description: string; inputs: Fields; outputs: Fields } =>
  parse(read(`actions/${name}/action.yml`))
const schemaOf = async (name: string): Promise<Record<string, Reader>> => {
  const { inputs } = await import(`../../actions/${name}/inputs.ts`)
  return inputs.shape
}

test('the six actions are those that have a contract', () => {
  expect(actions.toSorted()).toEqual(Object.keys(own).sort())
})

describe.each(actions)('%s', (name) => {
  test('action.yml declares the inputs that are read, as they are read', async () => {
    expect(inputFaults(action(name).inputs, await schemaOf(name))).toEqual([])
  })

  test('C7: it has github-token and dry-run', () => {
    expect(Object.keys(action(name).inputs)).toEqual(expect.arrayContaining(['github-token', 'dry-run']))
  })

  test('action.yml declares the three outputs of every action and its own, each described', () => {
    const { outputs, description } = action(name)
    expect(Object.keys(outputs)).toEqual(expect.arrayContaining([...common, ...(own[name] ?? [])]))
    expect(Object.entries(outputs).filter(([, { description }]) => !description?.trim())).toEqual([])
    expect(description.trim().length).toBeGreaterThan(20)
  })

  test('its README lists every input and output', () => {
    const readme = read(`actions/${name}/README.md`)
    const { inputs, outputs } = action(name)
    const missing = [...Object.keys(inputs), ...Object.keys(outputs)].filter(
      (field) => !new RegExp(`^\\| \`${field}\` `, 'm').test(readme),
    )
    expect(missing).toEqual([])
  })

  test('it is tried through its bundle', () => {
    const tests = filesLike(new RegExp(`^test/acceptance/${name}/.*\\.test\\.ts$`))
    expect(tests.filter((path) => /^\s*(test|it)(\.each\(|\()/m.test(read(path)))).not.toEqual([])
  })
})

describe('the comparison itself', () => {
  const takes = (read: (text: string) => unknown): Reader => ({
    safeParse: (value) => {
      const data = read(String(value))
      return data === undefined ? { success: false } : { success: true, data }
    },
  })
  const needed = takes((text) => text || undefined)
  const words = takes((text) => text || 'all')
  const described = { description: 'what it is' }
  test.each([
    [{}, { a: words }, /a is not declared/],
    [{ a: described }, {}, /a is read by nobody/],
    [{ a: { default: 'all' } }, { a: words }, /a is not described/],
    [{ a: described }, { a: needed }, /a is needed, but not required/],
    [{ a: { ...described, required: true } }, { a: words }, /a is required, but nothing needs it/],
    [{ a: { ...described, default: 'some' } }, { a: words }, /a: two defaults/],
    [{ a: described }, { a: words }, /default "all" is not declared/],
    [
      { a: { ...described, default: 'x' } },
      { a: takes((text) => (text === 'x' ? undefined : text)) },
      /not valid/,
    ],
  ] as const)('%j', (declared, schema, fault) => {
    expect(inputFaults(declared, schema).join('\n')).toMatch(fault)
  })
  test('what agrees passes', () => {
    const declared = { a: { ...described, required: true }, b: { ...described, default: 'all' } }
    expect(inputFaults(declared, { a: needed, b: words })).toEqual([])
  })
})
