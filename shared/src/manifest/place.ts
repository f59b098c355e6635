import { byName, neededHere } from '../dependency/component.ts'
import { inline } from '../text/escape-markdown.ts'
import { cut } from '../text/visible.ts'
import type { Manifest, Part } from './manifest.ts'
import { componentsOf } from './manifest-components.ts'
import type { ManifestReview } from './review-manifest.ts'

/** The component of a manifest that is this service of this repository (`owner/name`); null when none is. */
export const partOf = (manifest: Manifest, repository: string, service: string): Part | null => {
  const [, name = ''] = repository.split('/')
  return (
    manifest.components.find(
      (part) =>
        part.repository.toLowerCase() === repository.toLowerCase() && (part.service ?? name) === service,
    ) ?? null
  )
}

/**
 * Row P7: the place of one component in a release of several, as Markdown: its layer, what comes before and after it, what it is
 * deferred for, and whether the manifest means the version that was planned. Every text of people is inert.
 */
export const showPlace = (
  manifest: Manifest,
  review: ManifestReview,
  part: Part,
  version: string,
): string => {
  const { component, needs } = part
  const known = byName(componentsOf(manifest))
  const own = known.get(component)
  const here = own ? neededHere(own, known).map(({ name }) => name) : []
  const installed = needs.map((need) => need.component).filter((name) => !known.has(name))
  const after = manifest.components.filter((each) => each.needs.some((need) => need.component === component))
  const layer = review.layers.findIndex((names) => names.includes(component))
  const deferred = review.deferred.find((each) => each.component === component)
  const names = (list: readonly string[]): string =>
    list.length === 0
      ? 'nothing'
      : list
          .slice(0, 20)
          .map((name) => inline(name, 80))
          .join(', ')
  return [
    `### Its place in ${inline(manifest.name, 100)}, a release of ${review.order.length} components`,
    [
      deferred
        ? `- **Deferred**: ${inline(deferred.why.join('; '), 500)}`
        : `- Layer ${layer + 1} of ${review.layers.length}, led by ${inline(manifest.owner, 100)}, for the team ${inline(part.team, 100)}`,
      `- Before it: ${names(here)}${installed.length > 0 ? `; it also needs what is installed: ${names(installed)}` : ''}`,
      `- After it: ${names(after.map((each) => each.component))}${after.length === 0 ? '' : '; in a rollback back before it'}`,
      ...(part.version !== undefined && part.version !== version
        ? [`- **The manifest means ${inline(part.version)}, and this is ${inline(version)}**`]
        : []),
      ...(review.checkpoint ? [`- Go or no-go: ${review.checkpoint.at}`] : []),
      ...review.conflicts
        .filter((conflict) => conflict.component === component || conflict.needs === component)
        .map(({ why }) => `- **Does not fit**: ${inline(cut(why, 300), 300)}`),
      ...(review.split ? [`- Proposed split: ${inline(review.split.why, 300)}`] : []),
    ].join('\n'),
  ].join('\n\n')
}
