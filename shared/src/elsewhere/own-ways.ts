import type { ElsewherePolicy } from '../config/purpose-policy.ts'
import { matchPath } from '../risk/match-path.ts'
import { pathClasses } from '../risk/path-classes.ts'

/** A way beside the release: what goes it, where to, and which paths are meant. */
export type Way = { what: string; go: string; fits: (path: string) => boolean }

const classes = pathClasses.map(({ name, globs }) => ({ name, fits: matchPath(globs) }))
const classOf = (path: string): string | undefined => classes.find(({ fits }) => fits(path))?.name

const prototype = matchPath([
  '**/{prototype,prototypes,experiment,experiments,spike,spikes,poc,playground,sandbox}/**',
])
/** What an image is built from is part of the artifact. */
const image = matchPath(['**/{Dockerfile*,*.dockerfile}'])

/**
 * The kinds of change that usually are no release, by the paths that relman knows. Dependencies, migrations, the release policy and files
 * that images are built from belong to none of them. They count only where the policy names them.
 */
const known: Readonly<Record<'prototype' | 'infrastructure' | 'configuration', Way>> = {
  prototype: {
    what: 'prototype',
    go: 'deploy it where prototypes run, never to production',
    fits: prototype,
  },
  infrastructure: {
    what: 'infrastructure',
    go: 'apply it with the pipeline of your infrastructure',
    fits: (path) => classOf(path) === 'infrastructure' && !image(path),
  },
  configuration: {
    what: 'configuration',
    go: 'push it with the pipeline of your configuration',
    fits: (path) => classOf(path) === 'configuration',
  },
}

export const knownWays: readonly Way[] = Object.values(known)

/** The ways that a policy names: its own paths, or where it gives none those that relman knows of a kind. */
export const waysOf = (policy: ElsewherePolicy): Way[] =>
  policy.map(({ what, paths, go }) => {
    const base = Object.hasOwn(known, what) ? known[what as keyof typeof known] : undefined
    return {
      what,
      go: go ?? base?.go ?? '',
      fits: paths ? matchPath(paths) : (base?.fits ?? (() => false)),
    }
  })
