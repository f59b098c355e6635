import { isDigest } from '@relman/core/artifact/digest'
import { fillReference, type Named } from '@relman/core/artifact/reference'
import { ConfigurationError } from '@relman/core/config/configuration-error'

/**
 * Digests that the caller names: one alone for the first artifact, or `name=sha256:…` for each, separated by commas or lines.
 *
 * @throws ConfigurationError for what is no digest or names no artifact
 */
export const givenDigests = (
  text: string,
  references: readonly string[],
  named: Named,
): ReadonlyMap<string, string> => {
  const given = new Map<string, string>()
  for (const part of text.split(/[\s,]+/).filter((each) => each !== '')) {
    const at = part.lastIndexOf('=')
    const name = at < 0 ? references[0] : part.slice(0, at)
    const digest: string = part.slice(at + 1).toLowerCase()
    const reference = references.find((one) => one === name || fillReference(one, named) === name)
    if (!isDigest(digest))
      throw new ConfigurationError(
        `input "artifact-digest": ${part.slice(at + 1, at + 101)} is no digest; write sha256: and 64 hexadecimal digits`,
      )
    if (reference === undefined)
      throw new ConfigurationError(
        `input "artifact-digest": ${name?.slice(0, 100)} is neither artifact nor one of artifacts.more (${references.join(', ')})`,
      )
    if (given.has(reference) && given.get(reference) !== digest)
      throw new ConfigurationError(`input "artifact-digest": two digests are given for ${reference}`)
    given.set(reference, digest)
  }
  return given
}
