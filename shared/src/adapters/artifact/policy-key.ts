import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Proof } from '../../artifact/artifact-facts.ts'
import { isLate, within } from './within.ts'

type Policy = { policyFile: (path: string) => Promise<string | null>; signal?: AbortSignal | undefined }

/** `awskms://…`, `https://…`, `k8s://…`, `env://…`, `pkcs11:…`: whose key that is, the policy alone says. */
const isAddress = (key: string): boolean => /^[a-z][a-z0-9+.-]+:/i.test(key)
const present = (why: string): Proof => ({ state: 'present', how: `not verified: ${why}` })

/**
 * Runs `verify` with the key that the policy names. A path is one of the branch that policy is read from: a key of the commit
 * that is judged would let its author sign for everybody. The copy that the program reads is gone afterwards.
 */
export const withKey = async (
  { policyFile, signal }: Policy,
  key: string,
  verify: (key: string) => Promise<Proof>,
): Promise<Proof> => {
  if (isAddress(key)) return verify(key)
  if (key.startsWith('/') || /(^|[\\/])\.\.([\\/]|$)/.test(key))
    return present(`artifacts.signer.key: ${key} is not a path inside the repository`)
  const text = await within(signal, () => policyFile(key)).catch((error: unknown) => {
    if (signal?.aborted && !isLate(signal.reason)) throw signal.reason
    return error instanceof Error ? error : new Error(String(error))
  })
  if (text instanceof Error) return present(`artifacts.signer.key: ${key} could not be read: ${text.message}`)
  if (text === null)
    return present(`artifacts.signer.key: there is no ${key} on the branch that policy is read from`)
  const folder = await mkdtemp(join(tmpdir(), 'relman-key-'))
  try {
    const path = join(folder, 'cosign.pub')
    await writeFile(path, text, { mode: 0o600 })
    return await verify(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
