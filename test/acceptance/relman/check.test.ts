import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'

const dist = process.env['RELMAN_DIST'] ?? join(import.meta.dirname, '../../../dist')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'relman-check-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const relman = (...args: string[]) => {
  const options = { cwd: folder, encoding: 'utf8', timeout: 60_000 } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(dist, 'relman'), ...args], options)
  return { status, stdout, stderr }
}

test('a configuration is checked where it is, and each fault has its line and column', () => {
  writeFileSync(join(folder, 'good.yml'), 'service: shop\n')
  expect(relman('check', 'good.yml')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^good\.yml is valid/),
  })
  writeFileSync(join(folder, 'bad.yml'), 'service: shop\nrollot:\n  steps: []\n')
  const { status, stderr } = relman('check', 'bad.yml')
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^bad\.yml:2:1: .*rollout/)])
})

test('what the gate would refuse late is said early', () => {
  const traffic = 'traffic: { driver: command, set: [./set], get: [./get] }\n'
  const told = (text: string) => {
    writeFileSync(join(folder, 'late.yml'), text)
    return relman('check', 'late.yml')
  }
  expect(told('')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/\nwarning: nothing moves traffic.*no-traffic-driver/),
  })
  expect(told(traffic).stdout).toMatch(
    /\nwarning: traffic is moved but nothing is measured.*nothing-measured/,
  )
  expect(told(`${traffic}mode: observe\n`).stdout).not.toMatch(/warning/)
})

test.each([
  [['check', 'absent.yml'], 'absent.yml: does not exist'],
  [['check', '.'], '.: is a folder'],
  [['check', '--config'], 'check: name one file'],
  [['check', 'a.yml', 'b.yml'], 'check: name one file'],
  [['check'], '.github/relman.yml: does not exist'],
  [['manifest', 'absent.yml'], 'absent.yml: does not exist'],
  [['score', '--features', 'absent.csv'], 'absent.csv: does not exist'],
  [['replay', '--traces', 'absent.jsonl'], 'absent.jsonl: does not exist'],
  [['replay', '--prometheus', 'http://localhost:9', '--config', 'absent.yml'], 'absent.yml: does not exist'],
])('relman %p says %s', (args, sentence) => {
  const { status, stderr } = relman(...args)
  expect([status, stderr.slice(0, sentence.length), stderr.split('\n').length]).toEqual([1, sentence, 2])
})

test.each(['--help', '-h'])('relman replay %s shows how it is used', (asked) => {
  expect(relman('replay', asked)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('replay --traces'),
  })
})

test('faults 70: a private address that nobody allowed is told before the first release', () => {
  const told = (allow: string, url: string) => {
    writeFileSync(
      join(folder, 'private.yml'),
      `metrics:\n  prometheus: { url: "${url}" }\n  allow: [${allow}]\n`,
    )
    return relman('check', 'private.yml').stdout
  }
  const loopback = 'http://127.0.0.1:9090'
  expect(told('', loopback)).toContain(
    'warning: 127.0.0.1:9090 is a private address and is not asked; list it in metrics.allow',
  )
  expect(told('', 'http://localhost')).toContain('warning: localhost is a private address')
  expect(told('', 'http://[::1]:9090')).toContain('warning: [::1]:9090 is a private address')
  for (const [allow, url] of [
    ['"127.0.0.1"', loopback],
    ['"127.0.0.1:9090"', loopback],
    ['"127.0.0.1:80"', 'http://127.0.0.1'],
    ['"::1"', 'http://[::1]:9090'],
    ['', 'https://prometheus.example'],
  ])
    expect(told(allow ?? '', url ?? '')).not.toContain('private address')
})

test('W4: whoever reads only the beginning of an answer gets it, and no failure', () => {
  // More than a pipe holds, so that the rest meets a closed one.
  writeFileSync(join(folder, 'many.csv'), `la\n${'10\n'.repeat(100_000)}`)
  const script = 'set -o pipefail; "$0" "$1" score --features many.csv | head -n 1'
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', script, process.execPath, join(dist, 'relman')],
    {
      ...{ cwd: folder, encoding: 'utf8', timeout: 60_000 },
    },
  )
  expect([status, stdout, stderr]).toEqual([0, expect.stringMatching(/^0\.\d{6}\n$/), ''])
})
