import { z } from 'zod'
import { fits, readGlob } from '../text/glob.ts'

const pattern = z
  .string()
  .max(200)
  .regex(
    /^(?:(?:[A-Za-z0-9_][A-Za-z0-9._-]*|\{component\})\/)*v?\{version\}$/,
    'end it in {version}, after folders: release/{version}, or release/{component}/{version}',
  )
  .refine((text) => !/\.\.|\.\/|\.lock\//.test(text), 'write folders that git takes as part of a branch')

/** The branch that a release is cut on (row P4). Nothing is cut where `release` is absent. */
export const branchesPolicy = z.strictObject({
  release: pattern
    .optional()
    .describe('The branch that is cut for a release, such as release/{version}; none when absent'),
  types: z
    .array(z.enum(['major', 'minor', 'patch']))
    .max(3)
    .default(['major', 'minor'])
    .describe('Types of release that get one'),
  at: z
    .enum(['feature-freeze', 'plan'])
    .default('feature-freeze')
    .describe(
      'When it is cut: at the feature freeze of the plan (a patch: its code freeze), or as soon as it is planned',
    ),
})

export type BranchesPolicy = z.output<typeof branchesPolicy>

type Around = {
  branches: BranchesPolicy
  components: Readonly<Record<string, unknown>>
  version: { lines: readonly string[] }
  freeze: { branches: readonly string[] }
}

/** What the rest of the configuration says against the pattern: a branch whose freeze or version would not hold is not cut. */
export const branchFaults = ({ branches, components, version, freeze }: Around): string[] => {
  const { release } = branches
  if (release === undefined) return []
  const several = Object.keys(components).length > 0
  const named = release.includes('{component}')
  if (several !== named)
    return [
      several
        ? 'each component is released by itself: write {component} too, for example release/{component}/{version}'
        : 'there are no components: leave {component} out',
    ]
  const line = release.replace('{version}', '{line}')
  const sample = release.replaceAll('{component}', 'component').replace('{version}', '1.2.3').split('/')
  const frozen = freeze.branches.flatMap(readGlob).some((glob) => fits(glob, sample))
  return [
    ...(version.lines.includes(line)
      ? []
      : [
          `version.lines lacks ${line}, so that plans from the branch would not keep its version: add it there`,
        ]),
    ...(frozen
      ? []
      : ['freeze.branches holds no branch of this name, so that nothing would freeze: add it there']),
  ]
}
