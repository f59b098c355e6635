import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openWorld, refusal, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(async () => {
  await world.close()
})

test('a token without the permission gets 403, and which one is missing in a header', async () => {
  const { hub } = world
  const token = hub.mintToken({ actor: 'ada', kind: 'job', permissions: { contents: 'read' } })
  const reply = await world.raw('POST', '/repos/octo/shop/git/refs', token, {
    ref: 'refs/tags/v9',
    sha: world.git('rev-parse', 'main'),
  })
  expect(reply.status).toBe(403)
  expect(JSON.parse(reply.text)).toMatchObject({
    message: 'Resource not accessible by integration',
    status: '403',
  })
  expect(reply.headers.get('x-accepted-github-permissions')).toBe('contents=write')
})

test.each([
  ['contents', '/repos/octo/shop/commits/main'],
  ['checks', '/repos/octo/shop/commits/main/check-runs'],
  ['statuses', '/repos/octo/shop/commits/main/status'],
  ['actions', '/repos/octo/shop/actions/runs'],
  ['deployments', '/repos/octo/shop/deployments'],
  ['issues', '/repos/octo/shop/issues'],
  ['pull-requests', '/repos/octo/shop/pulls/7'],
])('%s: read opens %s, no permission closes it', async (scope, path) => {
  const none = world.hub.mintToken({ actor: 'ada', kind: 'job', permissions: {} })
  const some = world.hub.mintToken({ actor: 'ada', kind: 'job', permissions: { [scope]: 'read' } })
  expect((await world.raw('GET', path, none)).status).toBe(403)
  expect((await world.raw('GET', path, some)).status).toBe(200)
})

test('a revoked or unknown token is 401', async () => {
  const token = world.hub.mintToken({ actor: 'ada', kind: 'job', permissions: {} })
  expect((await world.raw('GET', '/repos/octo/shop', token)).status).toBe(200)
  world.hub.revokeToken(token)
  expect((await world.raw('GET', '/repos/octo/shop', token)).status).toBe(401)
  expect((await world.raw('GET', '/repos/octo/shop', 'ghs_none')).status).toBe(401)
})

test('the log has a line for each request, with the actor and the job and never a token', async () => {
  const token = world.hub.mintToken({ actor: 'ada', kind: 'job', permissions: {}, jobId: 77 })
  await world.raw('GET', '/repos/octo/shop/tags?per_page=1', token)
  expect(world.lines.at(-1)).toMatch(
    /^\d{4}-\S+Z GET \/repos\/octo\/shop\/tags\?per_page=1 200 ada\/77 [\d.]+ms$/,
  )
  expect(world.lines.join('\n')).not.toContain(token)
})

test('the rate limit counts down, for all jobs together, and refuses at its end', async () => {
  const small = await openWorld({ rateLimit: 2 })
  try {
    const first = small.hub.mintToken({ actor: 'ada', kind: 'job', permissions: {} })
    const second = small.hub.mintToken({ actor: 'grace', kind: 'job', permissions: {} })
    expect((await small.raw('GET', '/repos/octo/shop', first)).headers.get('x-ratelimit-remaining')).toBe('1')
    expect((await small.raw('GET', '/repos/octo/shop', second)).headers.get('x-ratelimit-remaining')).toBe(
      '0',
    )
    const third = await small.raw('GET', '/repos/octo/shop', first)
    expect([third.status, JSON.parse(third.text).message]).toEqual([
      403,
      'API rate limit exceeded for installation.',
    ])
  } finally {
    await small.close()
  }
})

test('an unknown operation is 404 and breaks the contract', async () => {
  const own = await openWorld()
  try {
    const token = own.hub.mintToken({ actor: 'ada', kind: 'job', permissions: {} })
    expect((await own.raw('GET', '/repos/octo/shop/hooks', token)).status).toBe(404)
    expect(own.hub.violations).toEqual([
      'request GET /repos/octo/shop/hooks: not an operation that this GitHub knows',
    ])
  } finally {
    await own.close()
  }
})

test.each([
  ['POST', '/repos/octo/shop/deployments', { environment: 'production' }, 'body.ref is required'],
  [
    'POST',
    '/repos/octo/shop/deployments',
    { ref: 'main', enviroment: 'x' },
    'body.enviroment is not described',
  ],
  ['POST', '/repos/octo/shop/statuses/main', { state: 'green' }, 'body.state must be one of'],
  ['GET', '/repos/octo/shop/tags?perpage=3', undefined, 'query.perpage is not a parameter'],
  ['GET', '/repos/octo/shop/tags?per_page=many', undefined, 'query.per_page must be integer'],
])('an invalid request is 422 and breaks the contract: %s %s %j', async (method, path, body, fault) => {
  const own = await openWorld()
  try {
    const permissions = { deployments: 'write', statuses: 'write' } as const
    const token = own.hub.mintToken({ actor: 'ada', kind: 'job', permissions })
    const reply = await own.raw(method, path, token, body)
    expect([reply.status, JSON.parse(reply.text).message]).toEqual([422, expect.stringContaining(fault)])
    expect(own.hub.violations).toEqual([expect.stringContaining(fault)])
  } finally {
    await own.close()
  }
})

test('a reply of our own that is not valid is 500 and breaks the contract', async () => {
  const own = await openWorld()
  try {
    const octokit = own.job({ issues: 'write' })
    await octokit.rest.issues.create({ ...own.repo, title: 'Release' })
    const issue = (await own.hub.issues.all()).find(({ title }) => title === 'Release')
    Object.assign(issue ?? {}, { createdAt: 'yesterday' })
    const { status } = await refusal(
      octokit.rest.issues.get({ ...own.repo, issue_number: issue?.number ?? 0 }),
    )
    expect(status).toBe(500)
    expect(own.hub.violations).toEqual([
      'reply get /issues/{issue_number}: reply.created_at must have the form of a date-time',
    ])
  } finally {
    await own.close()
  }
})

test('a GraphQL field that GitHub does not have is refused, as are variables that do not fit', async () => {
  const own = await openWorld()
  try {
    const octokit = own.job({ contents: 'read' })
    const wrong = octokit.graphql('{ repository(owner: "octo", name: "shop") { nmae } }')
    await expect(wrong).rejects.toThrow('Cannot query field "nmae" on type "Repository"')
    const query =
      'query ($oid: GitObjectID!) { repository(owner: "octo", name: "shop") { object(oid: $oid) { oid } } }'
    await expect(octokit.graphql(query, { oid: 'main' })).rejects.toThrow('"main" is not a valid GitObjectID')
    expect(own.hub.violations).toHaveLength(2)
  } finally {
    await own.close()
  }
})

test('a GraphQL reply of our own that is not valid is 500 and breaks the contract', async () => {
  const own = await openWorld()
  try {
    const pull = (await own.hub.issues.all()).find(({ number }) => number === 7)
    Object.assign(pull ?? {}, { title: null })
    const token = own.hub.mintToken({ actor: 'ada', kind: 'user', permissions: {} })
    const query = '{ repository(owner: "octo", name: "shop") { pullRequest(number: 7) { title } } }'
    expect((await own.raw('POST', '/graphql', token, { query })).status).toBe(500)
    expect(own.hub.violations).toEqual([
      expect.stringContaining('reply graphql repository.pullRequest.title'),
    ])
  } finally {
    await own.close()
  }
})
