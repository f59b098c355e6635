import { z } from 'zod'
import { channels } from './channels.ts'
import { pathGlob } from './path-glob.ts'
import { prefixFault } from './tag-prefix.ts'

/** How versions are decided. An empty map is valid. */
export const versionPolicy = z.strictObject({
  from: z.enum(['relman', 'tag', 'release-please', 'changesets', 'semantic-release']).default('relman'),
  prefix: z
    .string()
    .max(200)
    .superRefine((prefix, context) => {
      const fault = prefixFault(prefix)
      if (fault !== null)
        context.addIssue({ code: 'custom', message: `${fault}; write for example v or web-v` })
    })
    .optional()
    .describe('What stands before the version in a tag; inferred from the tags when absent'),
  type: z.enum(['major', 'minor', 'patch']).optional().describe('Wins over everything that the changes say'),
  channel: z
    .enum(['final', ...channels])
    .default('final')
    .describe('final, or the label of a pre-release, whose counter goes on from the tags: 1.3.0-beta.2'),
  build: z.boolean().default(false).describe('Whether the version ends in +<commit>.<time of the commit>'),
  quiet: z
    .enum(['patch', 'none'])
    .default('patch')
    .describe(
      'What a release is in which nothing but housekeeping changed (chore, ci, test): a patch, or none at all',
    ),
  zero: z
    .enum(['shift', 'strict'])
    .default('shift')
    .describe('Before 1.0.0: shift makes a breaking change a minor, strict a major'),
  kinds: z
    .record(z.string().regex(/^[a-z]{2,20}$/), z.enum(['major', 'minor', 'patch', 'none']))
    .default({})
    .describe('What a type of change asks for, where that is not the usual: { feat: patch }'),
  lines: z
    .array(
      z
        .string()
        .max(200)
        .regex(/^[^\s~^:?*[\\]*\{line\}[^\s~^:?*[\\]*$/, 'write {line} once, for example release/{line}'),
    )
    .max(50)
    .default([
      '{line}',
      'v{line}',
      'release/{line}',
      'release/v{line}',
      'release-{line}',
      'releases/{line}',
      'maintenance/{line}',
      'support/{line}',
      'stable/{line}',
      '{component}-{line}',
      '{component}/{line}',
      'release/{component}-{line}',
      'release/{component}/{line}',
    ])
    .describe(
      'Branches that stand for a line of versions; {line} is 1.x, 1.4.x, 1.4 or 1.4.2. Where there are components only those with {component} count',
    ),
  shared: z
    .array(pathGlob)
    .max(100)
    .default([
      'package-lock.json',
      'npm-shrinkwrap.json',
      'pnpm-lock.yaml',
      'yarn.lock',
      'bun.lock',
      'Cargo.lock',
      'go.sum',
      'poetry.lock',
      'uv.lock',
      'Pipfile.lock',
      'Gemfile.lock',
      'composer.lock',
    ])
    .describe(
      'Files outside all components: a change of nothing but these and other files outside is a change of every component',
    ),
  policy: z
    .enum(['stated', 'inferred'])
    .default('stated')
    .describe('inferred: the summary says which policy the last 20 releases followed'),
  labels: z.record(z.string(), z.enum(['major', 'minor', 'patch', 'none'])).default({
    'semver:major': 'major',
    'semver:minor': 'minor',
    'semver:patch': 'patch',
    breaking: 'major',
    'skip-release': 'none',
  }),
})
