/**
 * Starting runs from outside. These two are the only events by a job's token that start a workflow
 * (docs.github.com, "Triggering a workflow from a workflow").
 */

import { numberOf } from '../documents/identity.ts'
import { runLinks } from '../documents/run.ts'
import { type Call, empty, type Github, ok, type Reply, type Routes } from '../github.ts'
import { notFound, Refusal } from '../refusal.ts'

const folder = '.github/workflows'

/** A workflow is named by its file, or by its id. */
async function workflowPath(github: Github, id: string): Promise<string> {
  if (!/^\d+$/.test(id)) return `${folder}/${id}`
  const tree = await github.repository.read(`refs/heads/${github.defaultBranch}:${folder}`)
  const entries = tree?.type === 'tree' ? github.repository.tree(tree) : []
  const entry = entries.find(({ name }) => numberOf(`workflow ${folder}/${name}`) === Number(id))
  if (!entry) throw notFound()
  return `${folder}/${entry.name}`
}

async function dispatchWorkflow({ github, params, body, actor }: Call): Promise<Reply> {
  const workflow = await workflowPath(github, params.workflow_id ?? '')
  const ref = String(body.ref)
  const branch = ref.replace(/^refs\/(heads|tags)\//, '')
  const commit = await github.repository.commit(ref)
  if (!commit) throw new Refusal(422, `No ref found for: ${ref}`)
  const file = await github.repository.read(`${commit.oid}:${workflow}`)
  if (file?.type !== 'blob') throw notFound()
  const text = file.content.toString()
  if (!/\bworkflow_dispatch\b/.test(text))
    throw new Refusal(422, "Workflow does not have 'workflow_dispatch' trigger")
  const inputs = Object.fromEntries(
    Object.entries((body.inputs ?? {}) as Record<string, unknown>).map(([name, value]) => [
      name,
      String(value),
    ]),
  )
  const fault = await github.dispatchFault(workflow, text, inputs)
  if (fault !== undefined) throw new Refusal(422, fault)
  const name = /^name:\s*(['"]?)(.+?)\1\s*$/m.exec(text)?.[2] ?? workflow
  const run = github.createRun({
    workflow,
    name,
    event: 'workflow_dispatch',
    actor,
    headSha: commit.oid,
    headBranch: branch,
    inputs,
  })
  github.emit('dispatch', { workflow, ref, inputs, actor, runId: run.id })
  // API version 2022-11-28: details only on request; later versions always send them.
  return body.return_run_details === true
    ? ok({ workflow_run_id: run.id, ...runLinks(github, run.id) })
    : empty()
}

/** docs.github.com, "Create a repository dispatch event": ten top-level properties, 65,535 characters. */
function dispatchRepository({ github, body, actor }: Call): Reply {
  const payload = (body.client_payload ?? {}) as Record<string, unknown>
  if (Object.keys(payload).length > 10)
    throw new Refusal(422, 'No more than 10 properties are allowed; client_payload has more.')
  if (JSON.stringify(payload).length > 65_535) throw new Refusal(422, 'client_payload is too large.')
  github.emit('repository-dispatch', { type: String(body.event_type), payload, actor })
  return empty()
}

export const dispatchRoutes: Routes = {
  'post /actions/workflows/{workflow_id}/dispatches': dispatchWorkflow,
  'post /dispatches': dispatchRepository,
}
