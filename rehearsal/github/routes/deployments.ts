/** Deployments: created against a ref whose checks are green, followed by statuses. */

import { deploymentDocument, deploymentStatusDocument } from '../documents/deployment.ts'
import { identity } from '../git/write.ts'
import { type Call, created, type Github, ok, type Reply, type Routes } from '../github.ts'
import { list } from '../pages.ts'
import { invalid, notFound, Refusal } from '../refusal.ts'
import { addDeployment, addStatus, deactivateEarlier } from '../state/deployments.ts'
import type { Deployment, DeploymentState } from '../state/store.ts'
import { contexts } from './checks.ts'

/**
 * `required_contexts`: absent means every context known for the commit has to be a success, `[]` none
 * (OpenAPI, "Create a deployment"). In a workflow run the run's own jobs are among them, and not yet done.
 */
function requireGreen(github: Github, ref: string, sha: string, required: string[] | undefined): void {
  const known = contexts(github, sha)
  const wanted = required
    ? required.map(
        (name) => known.find(({ context }) => context === name) ?? { context: name, state: 'missing' },
      )
    : known
  const failed = wanted.some(({ state }) => state !== 'success')
  if (!failed) return
  throw new Refusal(409, `Conflict: Commit status checks failed for ${ref}.`, [
    { contexts: wanted, resource: 'Deployment', field: 'required_contexts', code: 'invalid' },
  ])
}

/** `auto_merge` (default true): a branch behind the default branch is merged with it instead of deployed. */
async function mergeFirst(github: Github, ref: string, sha: string): Promise<Reply | undefined> {
  const { repository, defaultBranch } = github
  const branch = await repository.ref(`refs/heads/${ref.replace(/^refs\/heads\//, '')}`)
  const base = await repository.commit(`refs/heads/${defaultBranch}`)
  if (!branch || !base || (await repository.isAncestor(base.oid, sha))) return undefined
  const merged = await repository.git(['merge-tree', '--write-tree', sha, base.oid])
  const conflict = new Refusal(409, `Conflict merging ${defaultBranch} into ${ref}.`)
  if (merged.code !== 0) throw conflict
  const date = github.now()
  const bot = { name: 'GitHub', email: 'noreply@github.com', date }
  const tree = merged.stdout.toString().trim()
  const message = `Merge ${defaultBranch} into ${ref}`
  const command = ['commit-tree', tree, '-p', sha, '-p', base.oid, '-m', message]
  const written = await repository.git(command, { env: identity(bot, bot) })
  if (!(await repository.move(branch.name, written.stdout.toString().trim(), branch.oid))) throw conflict
  return { status: 202, body: { message: `Auto-merged ${defaultBranch} into ${ref} on deployment.` } }
}

async function createDeployment({ github, body, actor }: Call): Promise<Reply> {
  const ref = String(body.ref)
  const commit = await github.repository.commit(ref)
  if (!commit) throw new Refusal(422, `No ref found for: ${ref}`)
  const merge = body.auto_merge === false ? undefined : await mergeFirst(github, ref, commit.oid)
  if (merge) return merge
  requireGreen(github, ref, commit.oid, body.required_contexts as string[] | undefined)
  const environment = String(body.environment ?? 'production')
  const deployment = addDeployment(github.store, github.now(), {
    ref,
    sha: commit.oid,
    task: String(body.task ?? 'deploy'),
    payload: body.payload ?? {},
    environment,
    description: (body.description as string | null | undefined) ?? null,
    transient: body.transient_environment === true,
    production: (body.production_environment as boolean | undefined) ?? environment === 'production',
    creator: actor,
  })
  return created(deploymentDocument(github, deployment))
}

function deploymentOf({ github, params }: Call): Deployment {
  const deployment = github.store.deployments.get(Number(params.deployment_id))
  if (!deployment) throw notFound()
  return deployment
}

function createDeploymentStatus(call: Call): Reply {
  const { github, body, actor } = call
  const deployment = deploymentOf(call)
  const description = String(body.description ?? '')
  // OpenAPI, "Create a deployment status": at most 140 characters.
  if ([...description].length > 140)
    throw invalid(
      'DeploymentStatus',
      'description',
      'custom',
      'description is too long (maximum is 140 characters)',
    )
  const status = addStatus(github.store, github.now(), deployment, {
    state: body.state as DeploymentState,
    description,
    environment: String(body.environment ?? deployment.environment),
    targetUrl: String(body.log_url ?? body.target_url ?? ''),
    environmentUrl: String(body.environment_url ?? ''),
    creator: actor,
  })
  if (status.state === 'success' && body.auto_inactive !== false)
    deactivateEarlier(github.store, github.now(), deployment, actor)
  return created(deploymentStatusDocument(github, deployment, status))
}

export const deploymentRoutes: Routes = {
  'get /deployments': (call) => {
    const { sha, ref, task, environment } = call.query
    const matches = (deployment: Deployment): boolean =>
      (sha === undefined || deployment.sha === sha) &&
      (ref === undefined || deployment.ref === ref) &&
      (task === undefined || deployment.task === task) &&
      (environment === undefined || deployment.environment === environment)
    const all = [...call.github.store.deployments.values()].filter(matches).reverse()
    return list(call, all, (deployment) => deploymentDocument(call.github, deployment))
  },
  'post /deployments': createDeployment,
  'get /deployments/{deployment_id}': (call) => ok(deploymentDocument(call.github, deploymentOf(call))),
  'get /deployments/{deployment_id}/statuses': (call) => {
    const deployment = deploymentOf(call)
    return list(call, [...deployment.statuses].reverse(), (status) =>
      deploymentStatusDocument(call.github, deployment, status),
    )
  },
  'post /deployments/{deployment_id}/statuses': createDeploymentStatus,
}
