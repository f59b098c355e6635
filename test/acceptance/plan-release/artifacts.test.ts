import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { sha256 } from '@relman/core/adapters/hash/sha256'
import { commandLine, provenance } from '../../contract/artifact/attestation.ts'
import { openRegistry, type TestRegistry } from '../../contract/artifact/registry.ts'
import { type Hosted, openHosted } from './hub.ts'

jest.setTimeout(120_000)
let registry: TestRegistry
let hosted: Hosted | undefined
beforeEach(async () => {
  registry = await openRegistry()
})
afterEach(async () => {
  const violations = hosted?.hub.violations ?? []
  await hosted?.close()
  hosted = undefined
  await registry.close()
  expect(violations).toEqual([])
})

const open = async (more = '', ready = ''): Promise<Hosted> => {
  const policy = `service: shop
artifact: ${registry.host}/acme/shop
artifacts: { registry: { plain: ['${registry.host}'] }${more} }
promotion: { keep: 2 }
traffic: { driver: command, set: [./set], get: [./get] }
metrics: { prometheus: { url: 'https://prometheus.example' }, checks: [{ kind: ratio, name: errors, total: t, events: e }] }
${ready}`
  hosted = await openHosted((clone) => {
    clone.commit('feat: begin', { '.github/relman.yml': policy })
    clone.tag('v1.0.0')
    clone.commit('feat: pay')
  })
  return hosted
}

const image = (tag: string, revision: string, name = tag): string =>
  registry.image('acme/shop', tag, { revision, name })

const shipped = async ({ store, clone }: Hosted, version: string, digest: string): Promise<void> => {
  const artifact = { name: `${registry.host}/acme/shop`, digest }
  const text = JSON.stringify({ sha: clone.git('rev-parse', 'v1.0.0'), artifact })
  const about = { actor: 'ada', run: null, token: null, data: {} }
  const plan = { digest: sha256(text), text }
  const kinds = ['planned', 'approved', 'started', 'deployed', 'completed'] as const
  const drafts = kinds.map((kind) => ({ ...about, kind, key: kind, digest: plan.digest }))
  await store.append('shop', version, drafts, { plan })
}

/** What the gate says of its artifacts, by criterion. */
const criteria = (result: { data: Record<string, unknown> }): Record<string, string> =>
  Object.fromEntries(
    (result.data['criteria'] as { id: string; state: string; reason: string }[])
      .filter(({ id }) => /artifact/.test(id))
      .map(({ id, state, reason }) => [id.replace(/:.*/, ''), reason === '' ? state : reason]),
  )

test('P15, P23, G4: the plan binds the digest, and a tag that moves or an artifact that goes is no-go', async () => {
  const { clone, plan, gate } = await open()
  const sha = clone.git('rev-parse', 'HEAD')
  const back = image('1.0.0', clone.git('rev-parse', 'v1.0.0'))
  const digest = image('1.1.0', sha)
  registry.refer('acme/shop', digest, 'application/spdx+json')
  const planned = await plan()
  expect([planned.status, planned.outputs['artifact-digest']]).toEqual([0, digest])
  expect(planned.plan.artifact).toEqual({ name: `${registry.host}/acme/shop`, digest })
  expect(planned.plan.rollback.previous).toBe(`${registry.host}/acme/shop at 1.0.0 (${back})`)
  expect(planned.plan.artifacts.items[0]).toMatchObject({
    commit: { sha },
    sbom: { state: 'present' },
    signature: { state: 'unknown', how: expect.stringContaining('`attestations: read`') },
  })
  expect(planned.summary).toMatch(/Artifacts: 1 of 1 with a digest, 0 with a verified signature/)
  expect(planned.summary).toContain('no candidate of 1.1.0 exists')
  const green = await gate(planned.outputs['digest'] ?? '')
  expect(criteria(green.result)).toEqual({
    'artifact-digest': 'pass',
    'artifact-commit': 'pass',
    'rollback-artifact': 'pass',
  })

  const moved = image('1.1.0', sha, 'built again')
  const late = await gate(planned.outputs['digest'] ?? '')
  expect(criteria(late.result)['artifact-digest']).toBe('artifact-tag-moved')
  expect(late.summary).toContain(moved)
  registry.remove('acme/shop', back)
  registry.remove('acme/shop', digest)
  const gone = await gate(planned.outputs['digest'] ?? '')
  expect(criteria(gone.result)).toMatchObject({
    'artifact-digest': 'artifact-missing',
    'rollback-artifact': 'rollback-artifact-gone',
  })
})

test('P23: a digest that is given wins over the tag, and must be there', async () => {
  const { clone, plan, gate } = await open()
  const sha = clone.git('rev-parse', 'HEAD')
  const built = image('built', sha)
  const tagged = image('1.1.0', sha)
  const given = await plan({ 'artifact-digest': built })
  expect(given.plan.artifacts.items[0]).toMatchObject({
    digest: built,
    pointed: tagged,
    from: 'the input artifact-digest',
  })
  // Whoever pulls the tag would get another one than what was given: the gate says which, and what to do.
  const { result } = await gate(given.outputs['digest'] ?? '')
  expect([result.reasonCode, result.message]).toEqual([
    'artifact-tag-moved',
    expect.stringContaining(
      `the input artifact-digest names ${built}, but 1.1.0 leads to ${tagged} now: if the digest that was given is right, push 1.1.0 again so that it leads to ${built}; if the tag is, plan again with artifact-digest ${tagged}`,
    ),
  ])
  const wrong = await plan({ 'artifact-digest': `sha256:${'0'.repeat(64)}`, record: 'false' })
  expect([wrong.status, wrong.outputs['artifact-digest'], wrong.plan.artifacts.items[0].state]).toEqual([
    0,
    '',
    'gone',
  ])
  expect(wrong.summary).toMatch(/The gate will say no-go:[\s\S]*its source has nothing with the digest/)
  const typo = await plan({ 'artifact-digest': 'sha256:12' })
  expect([typo.status, typo.result.message]).toEqual([
    1,
    expect.stringMatching(/artifact-digest": sha256:12 is no digest; write sha256:/),
  ])
})

test('P23: a final version is the very artifact of its last candidate', async () => {
  const { clone, plan, gate } = await open()
  const sha = clone.git('rev-parse', 'HEAD')
  image('1.0.0', clone.git('rev-parse', 'v1.0.0'))
  const candidate = image('1.1.0-rc.1', sha)
  expect((await plan({ channel: 'rc' })).outputs['version']).toBe('1.1.0-rc.1')
  // Nobody has pushed 1.1.0: it is what was tried as the candidate.
  const final = await plan({ channel: 'final' })
  expect([final.outputs['version'], final.outputs['artifact-digest']]).toEqual(['1.1.0', candidate])
  expect(final.plan.artifacts).toMatchObject({
    candidate: { version: '1.1.0-rc.1', source: 'record' },
    items: [{ from: 'the candidate 1.1.0-rc.1' }],
  })
  expect(criteria((await gate(final.outputs['digest'] ?? '')).result)['artifact-candidate']).toBe('pass')

  // Built again for the final version: another artifact than the one that was tried.
  const again = image('1.1.0', sha, 'built again')
  const other = await plan({ channel: 'final', 'artifact-digest': again })
  expect(criteria((await gate(other.outputs['digest'] ?? '')).result)['artifact-candidate']).toBe(
    'artifact-not-of-candidate',
  )
  const swapped = image('1.1.0-rc.1', sha, 'swapped')
  const moved = await plan({ channel: 'final' })
  expect(moved.summary).toContain(`led to ${candidate} and leads to ${swapped}`)
  expect(criteria((await gate(moved.outputs['digest'] ?? '')).result)['artifact-candidate']).toBe(
    'artifact-tag-moved',
  )
  clone.commit('fix: late')
  hosted?.push()
  const changed = await plan({ channel: 'final' })
  expect(criteria((await gate(changed.outputs['digest'] ?? '')).result)['artifact-candidate']).toBe(
    'changed-since-candidate',
  )
})

test('P23: an attestation that gh verified, where the policy requires a signature and a bill of materials', async () => {
  const { clone, hub, plan, gate } = await open(', require: [signature, sbom]')
  const sha = clone.git('rev-parse', 'HEAD')
  const digest = registry.image('acme/shop', '1.1.0')
  hub.putAttestation(digest, provenance(digest, sha))
  const permissions = {
    contents: 'write',
    'pull-requests': 'read',
    issues: 'write',
    attestations: 'read',
  } as const
  const bin = commandLine(join(clone.folder, '..'), 0, `["${digest}"]`)
  const planned = await plan({}, permissions, { PATH: `${bin}:${process.env['PATH']}` })
  expect(planned.plan.artifacts.items[0]).toMatchObject({
    commit: { sha, told: 'an attestation on GitHub' },
    signature: { state: 'verified', how: 'by gh attestation verify' },
  })
  expect(readFileSync(join(bin, 'asked'), 'utf8')).toBe(
    `attestation verify oci://${registry.host}/acme/shop@${digest} --repo acme/checkout --format json\n`,
  )
  const { result } = await gate(planned.outputs['digest'] ?? '')
  expect(criteria(result)).toMatchObject({ 'artifact-signature': 'pass', 'artifact-sbom': 'sbom-missing' })
})

/** A folder that has git, which planning needs, and no program that verifies. */
const gitAlone = (folder: string): string => {
  const bin = mkdtempSync(join(folder, '..', 'git-'))
  symlinkSync(execFileSync('which', ['git']).toString().trim(), join(bin, 'git'))
  return bin
}

test('P23: where nothing can verify a signature, one that is required is no-go, and the gate says what is missing', async () => {
  const { clone, hub, plan, gate } = await open(', require: [signature]')
  const digest = registry.image('acme/shop', '1.1.0')
  hub.putAttestation(digest, provenance(digest, clone.git('rev-parse', 'HEAD')))
  const permissions = { contents: 'write', 'pull-requests': 'read', attestations: 'read' } as const
  const planned = await plan({}, permissions, { PATH: gitAlone(clone.folder) })
  const { result, status } = await gate(planned.outputs['digest'] ?? '')
  expect([status, result.reasonCode, result.message]).toEqual([
    1,
    'signature-unverified',
    expect.stringMatching(
      /not verified: gh is not on this machine.*; there is no program to verify it with: install gh \(2\.67 or newer\) or cosign/,
    ),
  ])
})

test('P23: a key of cosign is that of the policy branch, whatever the commit that is released holds there', async () => {
  registry.image('acme/shop', '1.0.0')
  const policy = `artifact: ${registry.host}/acme/shop
artifacts: { registry: { plain: ['${registry.host}'] }, signer: { key: cosign.pub } }
`
  hosted = await openHosted((clone) => {
    clone.commit('feat: begin', { '.github/relman.yml': policy, 'cosign.pub': 'the key of the team' })
    clone.tag('v1.0.0')
  })
  const { clone, plan } = hosted
  // On its way to main, and on no branch that anybody protects.
  clone.commit('feat: pay', { 'cosign.pub': 'the key of somebody' })
  const digest = registry.image('acme/shop', '1.1.0')
  registry.refer('acme/shop', digest, 'application/vnd.dev.cosign.artifact.sig.v1+json')
  const bin = commandLine(join(clone.folder, '..'), 0, `["${digest}"]`, 'cosign')
  const planned = await plan({ record: 'false' }, undefined, { PATH: `${bin}:${process.env['PATH']}` })
  expect(planned.plan.artifacts.items[0].signature).toEqual({ state: 'verified', how: 'by cosign verify' })
  expect(readFileSync(join(bin, 'key'), 'utf8')).toBe('the key of the team')
})

test('P23: a registry that is slow takes its patience and no more; what was not looked at is never a pass', async () => {
  const more = ['api', 'web', 'jobs'].map((name) => `'${registry.host}/acme/${name}'`).join(', ')
  const { plan, gate } = await open(`, require: [digest], more: [${more}], patience: { each: 1s, all: 1.5s }`)
  registry.behave.slow = 60_000
  const begun = Date.now()
  const planned = await plan()
  expect([planned.status, planned.outputs['artifact-digest']]).toEqual([0, ''])
  expect(
    planned.plan.artifacts.items.map(({ state, why }: Record<string, string>) => [state, why?.slice(0, 14)]),
  ).toEqual(Array.from({ length: 4 }, () => ['unread', 'not looked at:']))
  const { result } = await gate(planned.outputs['digest'] ?? '')
  expect(criteria(result)['artifact-digest']).toBe('artifact-unread')
  expect(result.decision).not.toBe('go')
  expect(Date.now() - begun).toBeLessThan(30_000)
})

test('P25: the versions that stay deployable are looked for by the digests of the record, and what is gone is named', async () => {
  const { clone, plan, gate } = await open(', require: [retention]')
  const [oldest, old, live] = ['0.8.0', '0.9.0', '1.0.0'].map((tag) =>
    image(tag, clone.git('rev-parse', 'v1.0.0')),
  )
  image('1.1.0', clone.git('rev-parse', 'HEAD'))
  await shipped(hosted as Hosted, '0.8.0', oldest ?? '')
  await shipped(hosted as Hosted, '0.9.0', old ?? '')
  await shipped(hosted as Hosted, '1.0.0', live ?? '')
  // Pushed again since: the tag leads elsewhere, and what shipped is still there.
  image('1.0.0', clone.git('rev-parse', 'v1.0.0'), 'pushed again')
  const { plan: all, outputs } = await plan()
  expect(
    all.artifacts.retained.map(({ version, state }: Record<string, string>) => [version, state]),
  ).toEqual([
    ['1.0.0', 'there'],
    ['0.9.0', 'there'],
  ])
  expect(all.artifacts.previous).toMatchObject([{ digest: live, state: 'there' }])
  const { result } = await gate(outputs['digest'] ?? '')
  expect(criteria(result)).toMatchObject({ 'rollback-artifact': 'pass', 'artifact-retention': 'pass' })
  registry.remove('acme/shop', old ?? '')
  const lost = await plan()
  expect(lost.summary).toMatch(/0\.9\.0, 127\.0\.0\.1:\d+\/acme\/shop `sha256:[0-9a-f]{64}`: \*\*gone\*\*/)
  expect(criteria((await gate(lost.outputs['digest'] ?? '')).result)['artifact-retention']).toBe(
    'retention-broken',
  )
})

test('P23: files of a release and uploads of a run, by the digests that GitHub has', async () => {
  hosted = await openHosted((clone) => {
    clone.commit('feat: begin', {
      '.github/relman.yml':
        "artifact: 'release:shop-{{version}}.tgz'\nartifacts: { more: ['workflow:dist'] }\n",
    })
    clone.tag('v1.0.0')
    clone.commit('feat: pay')
  })
  const { hub, clone, plan } = hosted
  const asset = `sha256:${'a'.repeat(64)}`
  const archive = Buffer.from('PK, the archive')
  const upload = `sha256:${createHash('sha256').update(archive).digest('hex')}`
  const storage = createServer((request, response) => {
    // GitHub sends clients to a storage of its own, which is not shown the token.
    expect(request.headers.authorization).toBeUndefined()
    response.writeHead(200, { 'content-type': 'application/zip' }).end(archive)
  })
  await new Promise<void>((done) => storage.listen(0, '127.0.0.1', done))
  const sha = clone.git('rev-parse', 'HEAD')
  const about = {
    workflow: '.github/workflows/build.yml',
    name: 'build',
    event: 'push',
    actor: 'ada',
    inputs: {},
  }
  const run = hub.createRun({ ...about, headSha: sha, headBranch: 'main' })
  const address = `http://127.0.0.1:${(storage.address() as AddressInfo).port}/archive`
  hub.putUpload({ runId: run.id, name: 'dist', digest: `sha256:${'c'.repeat(64)}`, expired: true })
  hub.putUpload({ runId: run.id, name: 'dist', digest: upload, archive: address })
  hub.putAttestation(upload, provenance(upload, sha))
  const token = hub.mintToken({ actor: 'ada', kind: 'user', permissions: {} })
  const published = await fetch(`${hub.apiUrl}/repos/acme/checkout/releases`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ tag_name: 'v1.0.0' }),
  })
  expect(published.status).toBe(201)
  hub.putAsset('v1.0.0', { name: 'shop-1.0.0.tgz', digest: asset })
  const bin = commandLine(join(clone.folder, '..'), 0, `["${upload.slice(7)}"]`)
  const permissions = { contents: 'write', issues: 'write', actions: 'read', attestations: 'read' } as const
  const { plan: drawn } = await plan(
    {},
    { ...permissions, 'pull-requests': 'read' },
    { PATH: `${bin}:${process.env['PATH']}` },
  )
  await new Promise((done) => storage.close(done))
  expect(drawn.artifacts.items).toMatchObject([
    { name: 'release:shop-1.1.0.tgz', digest: null, state: 'gone' },
    {
      ...{ name: 'workflow:dist', digest: upload, commit: { sha } },
      signature: { state: 'verified', how: 'by gh attestation verify' },
    },
  ])
  expect(drawn.artifacts.previous).toMatchObject([
    { name: 'release:shop-1.0.0.tgz', version: '1.0.0', digest: asset, state: 'there' },
    { name: 'workflow:dist', state: 'gone' },
  ])
})
