import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Builtin } from '../job/builtin.ts'

/**
 * In the place of actions/attest: checks what the real one needs (subject, `id-token: write`, `attestations: write`) and
 * writes the unsigned statement. Nothing is signed, because no signing service can be reached.
 */
export const attest: Builtin = async ({ inputs, workspace, temp, permissions, log }) => {
  // docs: actions/attest README, "Permissions".
  for (const scope of ['id-token', 'attestations'])
    if (permissions[scope] !== 'write')
      throw new Error(`actions/attest needs the permission '${scope}: write'`)
  const subject = subjectOf(inputs, workspace)
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [subject],
    predicateType: inputs['predicate-type'] ?? 'https://slsa.dev/provenance/v1',
    predicate: predicateOf(inputs, workspace),
  }
  const path = join(temp, `attestation-${subject.digest.sha256.slice(0, 12)}.json`)
  writeFileSync(path, JSON.stringify(statement))
  log(`Attestation of ${subject.name}, sha256:${subject.digest.sha256} (not signed: rehearsal)`)
  return { 'bundle-path': path }
}

function subjectOf(inputs: Record<string, string>, workspace: string) {
  const digest = inputs['subject-digest']
  const path = inputs['subject-path']
  if (digest) {
    const sha256 = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1]
    if (!sha256) throw new Error(`subject-digest must be of the form sha256:<64 hex digits>, not '${digest}'`)
    if (!inputs['subject-name']) throw new Error('subject-name must be given with subject-digest')
    return { name: inputs['subject-name'], digest: { sha256 } }
  }
  if (!path) throw new Error('One of subject-path and subject-digest must be given')
  const file = resolve(workspace, path)
  if (!existsSync(file)) throw new Error(`Could not find subject at path ${path}`)
  return {
    name: inputs['subject-name'] || path,
    digest: { sha256: createHash('sha256').update(readFileSync(file)).digest('hex') },
  }
}

function predicateOf(inputs: Record<string, string>, workspace: string): unknown {
  if (inputs['predicate-path'])
    return JSON.parse(readFileSync(resolve(workspace, inputs['predicate-path']), 'utf8'))
  return inputs.predicate ? JSON.parse(inputs.predicate) : {}
}
