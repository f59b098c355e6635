import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { freshClone, workbench } from './product.ts'

jest.setTimeout(120_000)

const { folder, close } = workbench()
const at = (...names: string[]): string => join(folder, ...names)
let product = ''
let runs = 0

const identity = {
  GIT_AUTHOR_NAME: 'Ana',
  GIT_AUTHOR_EMAIL: 'ana@example.org',
  GIT_COMMITTER_NAME: 'Ana',
  GIT_COMMITTER_EMAIL: 'ana@example.org',
  GIT_CONFIG_GLOBAL: '/dev/null',
}
const surroundings = { PATH: process.env['PATH'] ?? '', HOME: folder, LC_ALL: 'C' }
const git = (...words: string[]): string =>
  execFileSync('git', words, { encoding: 'utf8', env: { ...surroundings, ...identity } }).trim()

const makeRepository = (path: string): string => {
  mkdirSync(dirname(path), { recursive: true })
  git('init', '--quiet', '--initial-branch=main', path)
  for (const subject of ['feat: first', 'feat: second', 'fix: third']) {
    appendFileSync(join(path, 'file'), `${subject}\n`)
    git('-C', path, 'add', '.')
    git('-C', path, 'commit', '--quiet', '-m', subject)
    if (subject === 'feat: first') git('-C', path, 'tag', 'v1.0.0')
  }
  return path
}

type Ended = {
  status: number | null
  signal: string | null
  stdout: string
  stderr: string
  seconds: number
  /** What is left in the temporary folder, and the processes that still run in it. */
  left: string[]
}

type Call = { words: string[]; env?: Record<string, string>; during?: (pid: number) => Promise<void> }

/** One rehearsal with a temporary folder of its own. */
const run = async ({ words, env = {}, during }: Call): Promise<Ended> => {
  runs += 1
  const temp = at(`temp-${runs}`)
  mkdirSync(temp)
  const startedAt = Date.now()
  const child = spawn(process.execPath, [join(product, 'dist/rehearse'), ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...surroundings, TMPDIR: temp, ...env },
  })
  const text = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text.stdout += part
  })
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    text.stderr += part
  })
  const ended = new Promise<[number | null, string | null]>((done) => child.on('exit', (...how) => done(how)))
  await during?.(child.pid ?? 0)
  const [status, signal] = await ended
  const seconds = (Date.now() - startedAt) / 1000
  return { status, signal, ...text, seconds, left: await leftIn(temp) }
}

/** The guard of a rehearsal that was killed needs a moment. */
const leftIn = async (temp: string): Promise<string[]> => {
  const until = Date.now() + 4000
  for (;;) {
    const left = [...readdirSync(temp), ...processesOf(temp)]
    if (left.length === 0 || Date.now() > until) return left
    await new Promise((done) => setTimeout(done, 100))
  }
}

/** Processes whose surroundings name the folder; needs /proc. */
const processesOf = (temp: string): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const named = readFileSync(join('/proc', pid, 'environ'), 'utf8').includes(temp)
        return named ? [readFileSync(join('/proc', pid, 'cmdline'), 'utf8').replaceAll('\0', ' ')] : []
      } catch {
        return []
      }
    })

/** Everything git has, and the work tree: a clone that was only read is the same afterwards. */
const stateOf = (repository: string): string =>
  execFileSync(
    'sh',
    ['-c', 'find . -type f | LC_ALL=C sort | tr "\\n" "\\0" | xargs -0 sha256sum', repository],
    { cwd: repository, encoding: 'utf8', env: surroundings },
  )

beforeAll(() => {
  product = freshClone(folder)
  makeRepository(at('plain'))
  mkdirSync(at('no-repository'))
  git('init', '--quiet', at('empty'))
  git('clone', '--quiet', '--depth=1', `file://${at('plain')}`, at('shallow'))
  git('-C', at('shallow'), 'remote', 'remove', 'origin')
  makeRepository(at('nothing-new'))
  git('-C', at('nothing-new'), 'tag', 'v1.1.0')
  writeFileSync(at('bad.yml'), 'service: shop\r\nrollot:\r\n  steps: []\r\n')
  writeFileSync(at('a-file'), '')
})
afterAll(close)

describe('bad input: one sentence, status 1, nothing left behind', () => {
  const table: [string, string, string[], RegExp][] = [
    ['no repository', 'no-repository', [], /not a git repository/],
    ['no folder', 'nowhere', [], /no such folder/],
    ['no commit', 'empty', [], /no commit yet/],
    ['a shallow clone without a remote', 'shallow', [], /git fetch --unshallow --tags/],
    ['nothing since the last tag', 'nothing-new', [], /nothing changed since/],
    ['an unknown --to', 'plain', ['--to', 'none'], /--to none: no commit of that name/],
    ['an unknown --from', 'plain', ['--from', 'none'], /--from none: no commit of that name/],
    ['an unknown scenario', 'plain', ['--scenario', 'none'], /--scenario none: write one of/],
    ['an --out that is a file', 'plain', ['--out', 'a-file'], /--out a-file: cannot be written/],
    [
      'an --out that cannot be made',
      'plain',
      ['--out', '/proc/no/such'],
      /--out \/proc\/no\/such: cannot be/,
    ],
    ['no such --config', 'plain', ['--config', 'none.yml'], /--config none\.yml: could not be read/],
    [
      'a wrong --config with Windows line ends',
      'plain',
      ['--config', 'bad.yml'],
      /^bad\.yml:2:1: unknown key "rollot"; did you mean "rollout"\?$/,
    ],
  ]
  test.each(table)('W4: %s', async (_, repository, words, sentence) => {
    const before = existsSync(at(repository)) ? stateOf(at(repository)) : null
    const { status, stdout, stderr, left } = await run({
      words: [
        '--repo',
        at(repository),
        '--json',
        ...(words.includes('--out') ? [] : ['--out', 'new/out']),
        ...words,
      ],
    })
    expect({ status, left }).toEqual({ status: 1, left: [] })
    expect(stderr.trim()).toMatch(sentence)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'failed',
      reasonCode: 'bad-input',
      message: stderr.trim(),
    })
    expect(existsSync(at('new'))).toBe(false)
    if (before !== null) expect(stateOf(at(repository))).toBe(before)
  })
})

describe('the clone is only read', () => {
  const refused = ['--scenario', 'failed-checks', '--json']
  test('W4: inside a git hook, whose variables name another repository', async () => {
    const other = makeRepository(at('other'))
    const before = [stateOf(at('plain')), stateOf(other)]
    const env = {
      GIT_DIR: join(other, '.git'),
      GIT_WORK_TREE: other,
      GIT_INDEX_FILE: join(other, '.git/index'),
    }
    const { stdout, left } = await run({
      words: ['--repo', at('plain'), '--out', 'out-hook', ...refused],
      env,
    })
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'refused',
      reasonCode: 'check-failed',
      version: '1.1.0',
    })
    expect([stateOf(at('plain')), stateOf(other)]).toEqual([...before])
    expect(left).toEqual([])
  })
  test('W4: another language, another time zone, a name that a shell would run', async () => {
    const name = 'it\'s "a" $(touch evil) `clone`'
    const repository = makeRepository(at(name))
    const env = { LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8', LANGUAGE: 'tr', TZ: 'Pacific/Apia' }
    const { stdout } = await run({ words: ['--repo', repository, '--out', 'out-name', ...refused], env })
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'refused',
      reasonCode: 'check-failed',
      version: '1.1.0',
    })
    expect(existsSync(at('evil'))).toBe(false)
  })
})

test("W4, G5: a person's own roles are asked, though a change is by somebody called Ana", async () => {
  writeFileSync(at('own.yml'), 'signoff:\n  low: [security]\n  medium: [security]\n  high: [security]\n')
  const words = ['--repo', at('plain'), '--config', 'own.yml', '--out', 'out-roles', '--scenario', 'rejected']
  const { status, stdout } = await run({ words: [...words, '--json'] })
  expect(status).toBe(4)
  expect(JSON.parse(stdout)).toMatchObject({ outcome: 'refused', reasonCode: 'approval-rejected' })
})

describe('ended early', () => {
  const after = (milliseconds: number, signal: NodeJS.Signals) => async (pid: number) => {
    await new Promise((done) => setTimeout(done, milliseconds))
    process.kill(pid, signal)
  }
  const table: [NodeJS.Signals, number, number | null][] = [
    ['SIGTERM', 400, 143],
    ['SIGTERM', 900, 143],
    ['SIGINT', 2200, 130],
    ['SIGTERM', 9000, 143],
    ['SIGKILL', 900, null],
    ['SIGKILL', 3500, null],
    ['SIGKILL', 10000, null],
  ]
  test.each(table)(
    'W4: %s after %i ms leaves no process and no temporary folder',
    async (signal, moment, status) => {
      const ended = await run({
        words: ['--repo', at('plain'), '--out', `out-${signal}-${moment}`, '--json'],
        during: after(moment, signal),
      })
      expect({ status: ended.status, left: ended.left }).toEqual({ status, left: [] })
      if (status !== null)
        expect(JSON.parse(ended.stdout)).toMatchObject({ outcome: 'failed', reasonCode: 'interrupted' })
      expect(ended.seconds).toBeLessThan(moment / 1000 + 5)
    },
  )
  test('W4: output that nobody reads any more', async () => {
    const temp = at('temp-head')
    mkdirSync(temp)
    const command = `'${process.execPath}' '${join(product, 'dist/rehearse')}' --repo '${at('plain')}' --out out-head | head -n 1`
    const shown = execFileSync('sh', ['-c', command], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...surroundings, TMPDIR: temp },
    })
    expect(shown.trim().split('\n')).toHaveLength(1)
    expect(await leftIn(temp)).toEqual([])
  })
})
