import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A statement about an image as actions/attest writes it for a build. */
export const provenance = (digest: string, sha: string) => ({
  predicateType: 'https://slsa.dev/provenance/v1',
  subject: [{ name: 'shop', digest: { sha256: digest.slice(7) } }],
  predicate: {
    buildDefinition: {
      resolvedDependencies: [{ uri: 'git+https://github.com/acme/shop', digest: { gitCommit: sha } }],
    },
  },
})

/**
 * A folder with a program in place of a verifier, which can reach no GitHub and no Sigstore here: it writes what it was asked
 * into the file `asked`, and ends as told.
 */
export const commandLine = (folder: string, status: number, output: string, name = 'gh'): string => {
  const bin = mkdtempSync(join(folder, 'bin-'))
  const lines = [
    '#!/bin/sh',
    `echo "$@" >> "${bin}/asked"`,
    // The key that it is given, as long as it is there.
    `while [ $# -gt 1 ]; do [ "$1" = --key ] && [ -f "$2" ] && cat "$2" > "${bin}/key"; shift; done`,
    `printf '%s' '${output}'`,
    `exit ${status}`,
  ]
  writeFileSync(join(bin, name), `${lines.join('\n')}\n`, { mode: 0o755 })
  return bin
}
