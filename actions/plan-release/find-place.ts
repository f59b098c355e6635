import { ConfigurationError } from '@relman/core/config/configuration-error'
import type { Plan } from '@relman/core/plan/plan'
import type { Git } from '@relman/core/ports/git'
import { inline } from '@relman/core/text/escape-markdown'

const file = 'release-manifest.yml'

/**
 * Row P7: what the summary says of this release's place among others, where the commit holds a manifest that names it; '' where
 * not. It is shown and decides nothing, so a manifest that cannot be read is said and stops no plan.
 */
export const findPlace = async (
  git: Git,
  { sha, repository, service, version }: Pick<Plan, 'sha' | 'repository' | 'service' | 'version'>,
): Promise<string> => {
  try {
    const text = await git.file(sha, file)
    if (text === null) return ''
    const { partOf, showPlace } = await import('@relman/core/manifest/place')
    const { readManifest } = await import('@relman/core/manifest/read-manifest')
    const { reviewManifest } = await import('@relman/core/manifest/review-manifest')
    const manifest = readManifest(text, file)
    const part = partOf(manifest, repository, service)
    return part ? showPlace(manifest, reviewManifest(manifest), part, version) : ''
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return `*Its place in ${file} is not known: ${inline(error.message, 500)}*`
  }
}
