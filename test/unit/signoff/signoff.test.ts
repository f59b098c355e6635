import { expect, test } from '@jest/globals'
import { type Approval, fingerprint, since } from '@relman/core/signoff/approval'
import { judgeSignoff } from '@relman/core/signoff/judge-signoff'
import { isMaker, makersOf } from '@relman/core/signoff/maker'
import { unfillableRoles } from '@relman/core/signoff/satisfiable'
import { settleSignoffs } from '@relman/core/signoff/settle-signoffs'
import fc from 'fast-check'

const approval = (user: string, more: Partial<Approval> = {}): Approval => ({
  environments: ['qa'],
  state: 'approved',
  user,
  bot: false,
  comment: '',
  ...more,
})
const nobody = makersOf([], [])
const base = { role: 'qa', environment: 'qa', makers: nobody, actors: ['barbara'], others: [] }

const cases: [string, Parameters<typeof judgeSignoff>[0], string | null][] = [
  ['a person of their own', { ...base, approvals: [approval('grace')] }, null],
  ['faults 28: the actor', { ...base, approvals: [approval('Barbara')] }, 'self-approval'],
  ['faults 28: a machine', { ...base, approvals: [approval('relman', { bot: true })] }, 'bot-approval'],
  [
    'faults 27: an author',
    { ...base, makers: makersOf(['Grace'], []), approvals: [approval('grace')] },
    'self-approval',
  ],
  [
    'faults 29: another role',
    { ...base, others: [{ role: 'ops', by: 'GRACE' }], approvals: [approval('grace')] },
    'same-person-two-roles',
  ],
  [
    'the same role again',
    { ...base, others: [{ role: 'qa', by: 'grace' }], approvals: [approval('grace')] },
    null,
  ],
  [
    'faults 33: yes, then no',
    { ...base, approvals: [approval('grace'), approval('linus', { state: 'rejected' })] },
    'approval-rejected',
  ],
  [
    'faults 33: no, then yes',
    { ...base, approvals: [approval('linus', { state: 'rejected' }), approval('grace')] },
    'approval-rejected',
  ],
  ['faults 34: nobody', { ...base, approvals: [] }, 'approval-bypassed'],
  [
    'another environment',
    { ...base, approvals: [approval('grace', { environments: ['ops'] })] },
    'approval-bypassed',
  ],
  ['still pending', { ...base, approvals: [approval('grace', { state: 'pending' })] }, 'approval-bypassed'],
  ['faults 31: attempts not told apart', { ...base, approvals: null }, 'wrong-attempt'],
]
test.each(cases)('G5: %s', (_, known, reason) => {
  expect(judgeSignoff(known).reason).toBe(reason)
})

test.each([
  ['grace', 'Grace'],
  ['@grace', 'grace'],
  ['Grace Hopper <1234+grace@users.noreply.github.com>', 'grace'],
  ['grace@users.noreply.github.com', 'grace'],
  ['dependabot[bot]', 'dependabot[bot]'],
])('faults 27: the author %s is the account %s', (author, login) => {
  expect(isMaker(login, makersOf([author], []))).toBe(true)
})

test('people without an account are counted, not guessed; GitHub itself is nobody', () => {
  const people = [
    { login: null, name: 'Grace Hopper', email: 'grace@navy.example' },
    { login: null, name: 'GitHub', email: 'noreply@github.com' },
    { login: 'Linus', name: 'L', email: 'l@example.org' },
    { login: null, name: 'Ada', email: '5+ada@users.noreply.github.com' },
  ]
  const makers = makersOf(['Grace Hopper'], people)
  expect(makers.unknown).toBe(1)
  expect([...makers.logins].sort()).toEqual(['ada', 'linus'])
})

test('faults 31: what an earlier attempt brought is taken away once for each time it stands there', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('ada', 'grace', 'linus')),
      fc.array(fc.constantFrom('ada', 'grace', 'linus')),
      (old, fresh) => {
        const all = [...old, ...fresh].map((user) => approval(user))
        const left = since(
          all,
          old.map((user) => fingerprint(approval(user))),
        )
        expect(left.map(({ user }) => user).sort()).toEqual([...fresh].sort())
      },
    ),
  )
})

const seat = (role: string, ...reviewers: string[]) => ({ role, reviewers })
test.each([
  ['two people, two roles', [seat('a', 'x', 'y'), seat('b', 'x')], []],
  ['one person, two roles', [seat('a', 'x'), seat('b', 'x')], ['b']],
  ['three roles, two people', [seat('a', 'x', 'y'), seat('b', 'x', 'y'), seat('c', 'y', 'X')], ['c']],
  ['a team can always', [seat('a', 'x'), seat('b', 'x', 'team/ops')], []],
  ['only the author', [seat('a', 'author')], ['a']],
  ['only the actor', [seat('a', 'Barbara')], ['a']],
])('faults 36: %s', (_, seats, unfillable) => {
  expect(unfillableRoles(seats, makersOf(['author'], []), ['barbara'])).toEqual(unfillable)
})

const record = (role: string, by: string, more: object = {}) => ({
  role,
  environment: role,
  by,
  comment: '',
  digest: 'd1',
  run: 7,
  attempt: 1,
  at: '',
  seq: 1,
  ...more,
})
const given = (user: string, environment: string) => approval(user, { environments: [environment] })
const settle = {
  wanted: [
    { role: 'qa', environment: 'qa' },
    { role: 'ops', environment: 'ops' },
  ],
  refused: [],
  digest: 'd1',
  run: { id: 7, attempt: 1 },
  makers: nobody,
  actors: ['barbara'],
}
const two = [given('grace', 'qa'), given('linus', 'ops')]

const settled: [string, Parameters<typeof settleSignoffs>[0], (string | null)[]][] = [
  [
    'both',
    { ...settle, recorded: [record('qa', 'grace'), record('ops', 'linus')], approvals: two },
    [null, null],
  ],
  [
    'one twice',
    {
      ...settle,
      recorded: [record('qa', 'grace'), record('ops', 'grace')],
      approvals: [given('grace', 'qa'), given('grace', 'ops')],
    },
    [null, 'same-person-two-roles'],
  ],
  [
    'a later no',
    {
      ...settle,
      recorded: [record('qa', 'grace'), record('ops', 'linus')],
      approvals: [...two, approval('x', { state: 'rejected' })],
    },
    ['approval-rejected', null],
  ],
  [
    'recorded, but no approval at GitHub',
    { ...settle, recorded: [record('qa', 'grace'), record('ops', 'linus')], approvals: two.slice(1) },
    ['approval-bypassed', null],
  ],
  [
    'another attempt',
    { ...settle, recorded: [record('qa', 'grace', { attempt: 2 }), record('ops', 'linus')], approvals: two },
    ['wrong-attempt', null],
  ],
  [
    'another digest',
    {
      ...settle,
      recorded: [record('qa', 'grace', { digest: 'd0' }), record('ops', 'linus')],
      approvals: two,
    },
    ['wrong-digest', null],
  ],
  ['nothing', { ...settle, recorded: [], approvals: [] }, ['approval-missing', 'approval-missing']],
  [
    'what the job objected to',
    {
      ...settle,
      refused: [{ role: 'qa', reason: 'bot-approval' as const, by: 'b' }],
      recorded: [record('ops', 'linus')],
      approvals: two,
    },
    ['bot-approval', null],
  ],
]
test.each(settled)('G5, all roles: %s', (_, known, reasons) => {
  expect(settleSignoffs(known).map(({ reason }) => reason)).toEqual(reasons)
})
