/** What every resolver gets. */

import type { Github } from '../github.ts'
import type { Grant, Permission } from '../hub.ts'
import { allowed } from '../state/tokens.ts'
import { FieldRefusal } from './refusal.ts'

export type Context = { github: Github; grant: Grant; actor: string }

export function requirePermission({ grant }: Context, scope: string, level: Permission): void {
  if (!allowed(grant, scope, level))
    throw new FieldRefusal('FORBIDDEN', 'Resource not accessible by integration')
}
