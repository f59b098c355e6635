import type { Permission } from '../../github/hub.ts'
import { mappingOf, type Tree } from './tree.ts'

/** Scopes of a GITHUB_TOKEN; a scope that is absent grants nothing. */
export type Permissions = Record<string, Permission>

// docs: workflow-syntax#permissions
const scopes = [
  'actions',
  'artifact-metadata',
  'attestations',
  'checks',
  'contents',
  'deployments',
  'discussions',
  'id-token',
  'issues',
  'models',
  'packages',
  'pages',
  'pull-requests',
  'repository-projects',
  'security-events',
  'statuses',
]

/** What a repository grants where a workflow says nothing (runner: PermissionsHelper.cs, LimitedRead). */
export const restrictedDefault: Permissions = { contents: 'read', packages: 'read' }

/** `permissions:` as written. Naming any scope sets every other one to none; metadata can always be read. */
export function permissionsOf(tree: Tree | undefined): Permissions | undefined {
  if (tree === undefined) return undefined
  if (tree === 'write-all')
    return Object.fromEntries(scopes.map((scope) => [scope, scope === 'models' ? 'read' : 'write']))
  // id-token has no level `read` (workflow schema: permission-level-write-or-no-access).
  if (tree === 'read-all')
    return Object.fromEntries(scopes.filter((s) => s !== 'id-token').map((scope) => [scope, 'read']))
  const granted: Permissions = {}
  for (const [scope, level] of mappingOf(tree))
    if (level === 'read' || level === 'write') granted[scope] = level
  return granted
}

/** Scopes that exceed `allowed`, as GitHub words them (runner: PermissionLevelViolation.cs). */
export function excess(
  requested: Permissions,
  allowed: Permissions,
): { requested: string; allowed: string } | undefined {
  const over = Object.entries(requested).filter(
    ([scope, level]) => allowed[scope] !== 'write' && allowed[scope] !== level,
  )
  if (over.length === 0) return undefined
  return {
    requested: over.map(([scope, level]) => `${scope}: ${level}`).join(', '),
    allowed: over.map(([scope]) => `${scope}: ${allowed[scope] ?? 'none'}`).join(', '),
  }
}
