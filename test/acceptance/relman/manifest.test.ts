import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import ICAL from 'ical.js'

const dist = process.env['RELMAN_DIST'] ?? join(import.meta.dirname, '../../../dist')

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relman-manifest-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const relman = (text: string | null, ...args: string[]) => {
  if (text !== null) writeFileSync(join(folder, 'release-manifest.yml'), text)
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(dist, 'relman', 'index.js'), 'manifest', ...args],
    { cwd: folder, encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

const manifest = (confirmed: number, more = '') => `schema: 1
name: autumn
owner: ada
revision: 2
checkpoint: { at: "2026-11-20T14:00:00Z", invite: [bo@example.org] }
components:
  - component: checkout
    team: shop
    repository: acme/checkout
    version: 5.0.0
    previous: 4.9.1
    needs: [{ component: ledger, version: ^3.1.0 }]
    confirmed: { by: bo, revision: 2 }
  - component: ledger
    team: payments
    repository: acme/ledger
    version: 3.1.0
    changes: ["interest is rounded to cents"]
    confirmed: { by: cy, revision: ${confirmed} }
${more}`

test('P7, P8: a ready manifest: order, layers, rollback sequence, confirmations; status 0', () => {
  const { status, stdout } = relman(manifest(2))
  expect([status, stdout]).toEqual([
    0,
    `autumn, revision 2, led by ada: ready
Go or no-go: 2026-11-20T14:00:00Z

Order of deployment
  layer 1
    ledger 3.1.0 (payments, acme/ledger)
      - interest is rounded to cents
  layer 2
    checkout 5.0.0 (shop, acme/checkout)

Rollback sequence
  1. checkout to 4.9.1
  2. ledger (previous version not written)

Confirmations
  shop: confirmed by bo
  payments: confirmed by cy
`,
  ])
})

test('P8: a team that confirmed an earlier revision holds the release; status 1', () => {
  const { status, stdout } = relman(manifest(1))
  expect(status).toBe(1)
  expect(stdout).toContain('NOT READY')
  expect(stdout).toContain('payments: NOT CONFIRMED (cy confirmed revision 1)')
  expect(stdout).toContain('team payments has not confirmed revision 2, only revision 1 (ledger)')
})

test('P7: a version that does not fit and a blocked component are told; the rest may ship', () => {
  const { status, stdout } = relman(manifest(2).replace('version: 3.1.0', 'version: 4.0.0'))
  expect([status, stdout]).toEqual([1, expect.stringContaining('needs ledger ^3.1.0, but it will be 4.0.0')])
  const held = relman(manifest(2, '    blocked: the auditor has questions\n'))
  expect(held.stdout).toContain('ledger (payments): the auditor has questions')
  expect(held.stdout).toContain('checkout (shop): needs ledger, which is deferred')
  expect([held.status, held.stdout]).toEqual([1, expect.stringContaining('nothing is left to release')])
})

test.each([
  [
    'P7: a cycle',
    manifest(2, '    needs: [checkout]\n'),
    /^release-manifest\.yml:12:13: .*checkout → ledger → checkout/,
  ],
  [
    'P8: an unknown component',
    manifest(2).replace('component: ledger, ', 'component: leger, '),
    /:12:13: there is no component "leger"; did you mean "ledger"\?/,
  ],
  [
    'P8: an unknown team',
    `teams: { shop: {} }\n${manifest(2)}`,
    /:16:11: there is no team "payments"; known: shop/,
  ],
  ['a file that is not there', null, /^release-manifest\.yml: does not exist/],
])('%s is one clear error with its place; status 1, no stack', (_, text, words) => {
  const { status, stdout, stderr } = relman(text)
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(words)
  expect(stderr).not.toMatch(/\n\s+at /)
})

test('P8: --json, --markdown and --invitation print the same review as data, page and calendar file', () => {
  const review = JSON.parse(relman(manifest(2), '--json').stdout)
  expect(review).toMatchObject({
    ready: true,
    rollback: ['checkout', 'ledger'],
    layers: [['ledger'], ['checkout']],
  })
  expect(relman(null, '--markdown').stdout).toMatch(/\*\*Ready\.\*\*[\s\S]*```mermaid\nflowchart LR/)
  const invitation = relman(null, '--invitation')
  const event = new ICAL.Component(ICAL.parse(invitation.stdout)).getFirstSubcomponent('vevent')
  expect(event?.getFirstPropertyValue('dtstart')?.toString()).toBe('2026-11-20T14:00:00Z')
})

test.each([['--unknown'], ['--json', '--markdown'], ['a.yml', 'b.yml']])(
  'odd arguments are named: %s %s',
  (...args) => {
    const { status, stderr } = relman(manifest(2), ...args)
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/was not expected\n\nnode dist\/relman manifest/),
    ])
  },
)
