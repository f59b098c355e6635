/** Environments and their protection. */

import { environmentDocument } from '../documents/environment.ts'
import { ok, type Routes } from '../github.ts'
import { counted } from '../pages.ts'
import { notFound } from '../refusal.ts'

export const environmentRoutes: Routes = {
  'get /environments': (call) =>
    counted(call, 'environments', [...call.github.store.environments.values()], (environment) =>
      environmentDocument(call.github, environment),
    ),
  'get /environments/{environment_name}': ({ github, params }) => {
    const environment = github.store.environments.get((params.environment_name ?? '').toLowerCase())
    if (!environment) throw notFound()
    return ok(environmentDocument(github, environment))
  },
}
