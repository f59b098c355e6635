import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { openMetrics } from '@relman/core/adapters/metrics/open'
import { metricsPolicy } from '@relman/core/config/metrics-policy'
import { observationSchema } from '@relman/core/verdict/observation'

const home = mkdtempSync(join(tmpdir(), 'relman-told-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
let folder = home
beforeEach(() => {
  folder = mkdtempSync(join(home, 'case-'))
})

const check = { kind: 'ratio', name: 'errors' }
const open = (policy: Record<string, unknown>, env: Record<string, string | undefined> = {}) =>
  openMetrics({
    policy: metricsPolicy.parse({ checks: [check], ...policy }),
    version: '1.2.0',
    previous: '1.1.0',
    env,
    cwd: folder,
  })
const observation = (from: number, to: number, more: Record<string, unknown> = {}) => ({
  schema: 1,
  metric: 'errors',
  kind: 'ratio',
  from,
  to,
  weight: 10,
  canary: [{ instance: 'c', total: 10, events: 1 }],
  stable: [{ instance: 's', total: 90, events: 2 }],
  ...more,
})
const line = (...parameters: Parameters<typeof observation>) =>
  `${JSON.stringify(observation(...parameters))}\n`

describe('V1: a file of observations', () => {
  const file = () => join(folder, 'seen.jsonl')
  const tail = (text: string) => appendFileSync(file(), text)
  const reader = () => open({ file: { path: 'seen.jsonl' } })

  test('is followed: looks hold what is new, a half-written line is waited for, and a late line is counted late', async () => {
    const provider = reader()
    const whole = line(110, 120)
    tail(line(90, 100) + line(100, 110) + whole.slice(0, 40))
    const first = await provider.observe(100, 110, 10)
    expect([first.down, first.notes]).toEqual([null, []])
    expect(first.observations.map(({ to }) => to)).toEqual([110])
    expect(observationSchema.parse(first.observations[0])).toEqual(observation(100, 110))
    expect((await provider.observe(110, 120, 10)).observations).toEqual([])
    tail(whole.slice(40))
    tail(line(130, 140))
    expect((await provider.observe(120, 130, 10)).observations.map(({ to }) => to)).toEqual([120])
    expect((await provider.observe(130, 140, 10)).observations.map(({ to }) => to)).toEqual([140])
    expect((await provider.observe(140, 150, 10)).observations).toEqual([])
  })

  test('V5: two lines of one interval are one observation, in looks and in a range', async () => {
    const other = { canary: [{ instance: 'bad', total: 10, events: 6 }], stable: [] }
    const text = line(100, 110) + line(100, 110, other) + line(100, 110)
    tail(text)
    const look = await reader().observe(100, 110, 10)
    expect([look.notes, look.observations]).toEqual([
      [],
      [{ ...observation(100, 110), canary: [...observation(0, 0).canary, ...other.canary] }],
    ])
    expect((await reader().range(100, 110, 10, 10)).observations).toEqual(look.observations)
  })

  test('V5: lines that differ about an instance are bad data, and so is none of them taken', async () => {
    tail(line(100, 110) + line(100, 110, { canary: [{ instance: 'c', total: 12, events: 0 }] }))
    const { observations, notes } = await reader().observe(100, 110, 10)
    expect(observations[0]?.canary).toEqual([{ instance: 'c', total: 12 }])
    expect(notes).toEqual([
      'seen.jsonl: errors from 100 to 110 is told twice of canary c, and differently; it is bad data',
    ])
  })

  test('V5: more intervals than anybody can judge are refused', async () => {
    tail(
      Array.from({ length: 50_001 }, (_, at) => line(100 + at, 101 + at, { canary: [], stable: [] })).join(
        '',
      ),
    )
    const { down, observations } = await reader().range(100, 60_000, 15, 10)
    expect([down, observations]).toEqual([
      'seen.jsonl: more than 50000 intervals at once; write longer ones',
      [],
    ])
  })

  test('V5: a line of an interval that was read before is said to be too late', async () => {
    const provider = reader()
    tail(line(100, 110))
    await provider.observe(100, 110, 10)
    tail(line(100, 110, { canary: [{ instance: 'bad', total: 10, events: 6 }] }) + line(110, 120))
    expect((await provider.observe(110, 120, 10)).notes).toEqual([
      'seen.jsonl: errors to 110 came after later numbers of it and is not counted any more',
    ])
  })

  const junk: [string, () => string, RegExp][] = [
    [
      'blank lines',
      () => '\n'.repeat(60_000_000),
      /^metrics.file: seen.jsonl: there are more than 700000 lines that were not read yet/,
    ],
    [
      'words',
      () => 'x\n'.repeat(20_000_000),
      /more than 10000 entries are no observations, the last one is line 10001/,
    ],
    [
      'other JSON',
      () => '{"level":30,"msg":"started"}\n'.repeat(20_000),
      /more than 10000 entries are no observations/,
    ],
    ['one line', () => '['.repeat(60_000_000), /the last line of seen.jsonl is longer than 16 MB/],
    ['one long list', () => `${'['.repeat(15_000_000)}\n`, /^line 1 is not JSON$/],
  ]
  test.each(junk)(
    'of another kind is found out in seconds: %s',
    async (_, text, message) => {
      tail(text())
      const { down, notes = [] } = await reader().observe(100, 110, 10)
      expect(down ?? notes.join().replace('seen.jsonl: ', '')).toMatch(message)
    },
    30_000,
  )

  test('a last line that is whole needs no newline', async () => {
    const provider = reader()
    tail(line(100, 110).trim())
    expect((await provider.observe(100, 110, 10)).observations).toHaveLength(1)
    tail(`\n${line(110, 120)}`)
    expect((await provider.observe(110, 120, 10)).observations.map(({ to }) => to)).toEqual([120])
  })

  test('a range holds the lines within it, in whatever buckets they come; the same as looks', async () => {
    tail(line(90, 100) + line(100, 110) + line(110, 125) + line(120, 131))
    const range = await reader().range(100, 130, 15, 10)
    expect(range.observations.map(({ from, to }) => [from, to])).toEqual([
      [100, 110],
      [110, 125],
    ])
    expect((await reader().observe(100, 130, 10)).observations).toEqual(range.observations)
  })

  test('the weight is that of the look where a line has none', async () => {
    const { weight: _, ...rest } = observation(100, 110)
    tail(`${JSON.stringify(rest)}\n`)
    expect((await reader().observe(100, 110, 25)).observations[0]?.weight).toBe(25)
    expect((await reader().range(100, 110, 10, 50)).observations[0]?.weight).toBe(50)
  })

  test('a file that was cut or replaced is read from its top', async () => {
    const provider = reader()
    tail(line(100, 110) + line(110, 120))
    await provider.observe(100, 120, 10)
    writeFileSync(file(), line(120, 130))
    expect((await provider.observe(120, 130, 10)).observations.map(({ to }) => to)).toEqual([130])
  })

  test('V5: a file that is not there is down, and comes back', async () => {
    const provider = reader()
    expect(await provider.observe(100, 110, 10)).toMatchObject({
      observations: [],
      down: 'metrics.file: seen.jsonl is not there',
    })
    tail(line(100, 110))
    expect((await provider.observe(110, 120, 10)).observations).toHaveLength(1)
  })

  test('V5: a folder in its place is down', async () => {
    const look = await open({ file: { path: '.' } }).range(100, 110, 5, 0)
    expect(look.down).toMatch(/is no file/)
  })

  test.each<[string, string, RegExp]>([
    ['no JSON', 'hello\n', /line 1 is not JSON/],
    ['a string', '"x"\n', /line 1 is no observation/],
    [
      'a count that is a string',
      line(100, 110, { canary: [{ instance: 'c', total: '9' }] }),
      /canary\.0\.total/,
    ],
    ['negative counts', line(100, 110, { canary: [{ instance: 'c', total: -1 }] }), /canary\.0\.total/],
    ['NaN', line(100, 110).replace('"total":10', '"total":NaN'), /not JSON/],
    ['another metric', line(100, 110, { metric: 'sales\u202e' }), /is about sales, which is no check/],
    ['another kind', line(100, 110, { kind: 'rate' }), /is a rate, but the check errors is a ratio/],
    ['no length', line(110, 110), /ends no later than it begins/],
    [
      'an instance twice',
      line(100, 110, { stable: Array(2).fill({ instance: 's', total: 1 }) }),
      /stable twice/,
    ],
    [
      'a million series',
      line(100, 110, {
        stable: Array.from({ length: 10_001 }, (_, at) => ({ instance: `${at}`, total: 1 })),
      }),
      /more than 10000 instances of stable/,
    ],
  ])('V5, 71: %s is left out with its line, and the rest is read', async (_, text, note) => {
    tail(`${text}${line(110, 120)}`)
    const { observations, notes, down } = await reader().observe(100, 120, 10)
    expect([down, observations.map(({ to }) => to)]).toEqual([null, [120]])
    expect(notes).toHaveLength(1)
    expect(notes?.[0]).toMatch(note)
    expect(notes?.[0]).toMatch(/^seen\.jsonl: line 1/)
  })

  test('lines are numbered through the whole file', async () => {
    const provider = reader()
    tail(line(100, 110) + line(110, 120))
    await provider.observe(100, 120, 10)
    tail('?\n')
    expect((await provider.observe(120, 130, 10)).notes).toEqual(['seen.jsonl: line 3 is not JSON'])
  })

  test('a check is waiting while its next line is not due, and vanishes after that', async () => {
    const provider = reader()
    tail(line(100, 130))
    const waiting = []
    for (const to of [120, 140, 160, 180, 200, 210])
      waiting.push((await provider.observe(to - 20, to, 10)).waiting)
    // Told ten seconds late, in pieces of thirty: due by 130 + 60 + 10.
    expect(waiting).toEqual([[], [], ['errors'], ['errors'], ['errors'], []])
  })

  test('an abort is thrown, not down', async () => {
    tail(line(100, 110))
    await expect(reader().observe(100, 110, 10, AbortSignal.abort(new Error('enough')))).rejects.toThrow(
      'enough',
    )
  })
})

describe('V1: a program that prints observations', () => {
  /** Runs this JavaScript as the program. */
  const program = (code: string, more: Record<string, unknown> = {}, env: Record<string, string> = {}) =>
    open({ command: { run: [process.execPath, '-e', code], ...more } }, env)
  const print = (value: string) => `process.stdout.write(JSON.stringify(${value}))`
  const told = (from: string, to: string, more = '') =>
    `{schema:1,metric:'errors',kind:'ratio',from:${from},to:${to},canary:[{instance:'c',total:10,events:1}],stable:[]${more}}`
  const [start, end] = ['+process.env.RELMAN_FROM', '+process.env.RELMAN_TO']

  test('learns what it is asked from its environment, without a shell', async () => {
    const names = ['FROM', 'TO', 'STEP', 'VERSION', 'PREVIOUS', 'WEIGHT'].map((name) => `RELMAN_${name}`)
    const listed = `[${names.map((name) => `process.env.${name}`).join(',')}].join(' ')`
    const provider = program(print(`[${told(start, end).replace("'c'", listed)}]`))
    const look = await provider.observe(1000.25, 1010, 10)
    expect([look.down, look.notes]).toEqual([null, []])
    expect(observationSchema.parse(look.observations[0])).toMatchObject({
      from: 1000.25,
      to: 1010,
      weight: 10,
    })
    expect(look.observations[0]?.canary[0]?.instance).toBe('1000.25 1010 9.75 1.2.0 1.1.0 10')
    const range = await provider.range(1000, 1060, 15, 50)
    expect(range.observations[0]?.canary[0]?.instance).toBe('1000 1060 15 1.2.0 1.1.0 50')
  })

  test('may print JSON lines', async () => {
    const provider = program(
      `for (const at of [0, 5]) console.log(JSON.stringify(${told(`${start}+at`, `${start}+at+5`)}))`,
    )
    expect((await provider.range(1000, 1010, 5, 10)).observations.map(({ to }) => to)).toEqual([1005, 1010])
  })

  test('that knew less than it was asked for is asked from there on', async () => {
    const provider = program(print(`[${told(start, `Math.floor(${end}/10)*10`)}].filter(o=>o.to>o.from)`))
    const spans = []
    for (const [from, to] of [
      [1000, 1015],
      [1015, 1018],
      [1018, 1031],
    ] as const)
      spans.push((await provider.observe(from, to, 10)).observations.map((one) => [one.from, one.to]))
    expect(spans).toEqual([[[1000, 1010]], [], [[1010, 1030]]])
  })

  test('V5: a check that is told less often than another is asked from where it was told last', async () => {
    const checks = ['errors', 'payments'].map((name) => ({ ...check, name }))
    // Errors up to the moment of the look, in one piece; payments in whole pieces of 20 s only.
    const payments = `for(let at=Math.ceil(${start}/20)*20;at+20<=${end};at+=20)all.push({...${told('at', 'at+20')},metric:'payments'})`
    const code = `const all=[${told(start, end)}];${payments};${print('all')}`
    const provider = open({ command: { run: [process.execPath, '-e', code] }, checks })
    const heard: Record<string, number[][]> = { errors: [], payments: [] }
    for (let at = 1000; at < 1070; at += 7)
      for (const { metric, from, to } of (await provider.observe(at, at + 7, 10)).observations)
        heard[metric]?.push([from, to])
    expect(heard['errors']).toEqual(Array.from({ length: 10 }, (_, at) => [1000 + 7 * at, 1007 + 7 * at]))
    expect(heard['payments']).toEqual([
      [1000, 1020],
      [1020, 1040],
      [1040, 1060],
    ])
  })

  test('sees the secrets that are named, and no other variable of the job', async () => {
    process.env['RELMAN_TEST_SECRET'] = 'not for it'
    process.env['RELMAN_TEST_TOKEN'] = 't0ken'
    try {
      const code = print(
        `[${told(start, end).replace("'c'", 'String(process.env.RELMAN_TEST_SECRET)+process.env.RELMAN_TEST_TOKEN')}]`,
      )
      const provider = program(code, { secrets: ['RELMAN_TEST_TOKEN'] }, { RELMAN_TEST_TOKEN: 't0ken' })
      expect((await provider.observe(1000, 1010, 10)).observations[0]?.canary[0]?.instance).toBe(
        'undefinedt0ken',
      )
    } finally {
      delete process.env['RELMAN_TEST_SECRET']
      delete process.env['RELMAN_TEST_TOKEN']
    }
  })

  test('a named secret that is not set is a fault of the configuration', () => {
    expect(() => program('0', { secrets: ['RELMAN_TEST_TOKEN'] })).toThrow(
      /metrics\.command\.secrets: the environment variable RELMAN_TEST_TOKEN is not set/,
    )
  })

  test.each<[string, string, RegExp]>([
    [
      'fails',
      `console.error('first\\n\\u001b[31mno \\u202edata'); process.exit(3)`,
      /^\S+ ended with status 3: no data$/,
    ],
    [
      'says a secret while it fails',
      `console.error(process.env.RELMAN_TEST_TOKEN); process.exit(1)`,
      /status 1: \*\*\*$/,
    ],
    [
      'prints without end',
      `const w=()=>process.stdout.write('x'.repeat(65536),w);w()`,
      /more than 1000000 characters|within 2 s/,
    ],
  ])('V5: a program that %s is down, in one sentence', async (_, code, down) => {
    process.env['RELMAN_TEST_TOKEN'] = 'swordfish'
    try {
      const provider = program(
        code,
        { timeout: 2, secrets: ['RELMAN_TEST_TOKEN'] },
        { RELMAN_TEST_TOKEN: 'swordfish' },
      )
      const look = await provider.observe(1000, 1010, 10)
      expect(look.observations).toEqual([])
      expect(look.down).toMatch(down)
    } finally {
      delete process.env['RELMAN_TEST_TOKEN']
    }
  })

  test('72: a program that hangs is ended with its children when its time is up', async () => {
    const note = join(folder, 'child')
    const child = `setTimeout(()=>require('fs').writeFileSync(${JSON.stringify(note)},''),2500);setInterval(()=>{},1e3)`
    const code = `require('child_process').spawn(process.execPath,['-e',${JSON.stringify(child)}],{stdio:'inherit'});setInterval(()=>{},1e3)`
    const began = Date.now()
    const look = await program(code, { timeout: 1 }).range(1000, 1010, 5, 10)
    expect(look.down).toMatch(/did not finish within 1 s/)
    expect(Date.now() - began).toBeLessThan(2300)
    await new Promise((done) => setTimeout(done, 2500))
    expect(() => appendFileSync(note, '', { flag: 'r' })).toThrow(/ENOENT/)
  })

  test('V5: a program that is not there is down', async () => {
    const look = await open({ command: { run: ['./no-such-program'] } }).observe(1000, 1010, 10)
    expect(look.down).toMatch(/"\.\/no-such-program" cannot be run/)
  })

  test.each<[string, string, RegExp]>([
    ['nothing', '0', /nothing was printed/],
    ['a web page', `console.log('<html>login</html>')`, /line 1 is not JSON/],
    ['figures of another time', print(`[${told('1', '2')}]`), /outside RELMAN_FROM to RELMAN_TO/],
    ['one figure', 'console.log(0.02)', /line 1 is no observation/],
  ])('V5: a program that prints %s proves nothing and says why', async (_, code, note) => {
    const look = await program(code).observe(1000, 1010, 10)
    expect([look.down, look.observations]).toEqual([null, []])
    expect(look.notes?.join()).toMatch(note)
  })
})
