import { excess, type Permissions } from './permissions.ts'
import { readWorkflow } from './read.ts'
import { parseReference, type Source, type Sources } from './source.ts'
import type { JobDefinition, Workflow } from './workflow.ts'

/** A workflow and, for each job that calls another, that one; permissions are settled. */
export type CallTree = { workflow: Workflow; source: Source; jobs: PlannedJob[] }
export type PlannedJob = { definition: JobDefinition; permissions: Permissions; called?: CallTree }

type Planned = { tree: CallTree; errors: [] } | { tree?: undefined; errors: string[] }

// docs: reusing-workflow-configurations#limitations-of-reusable-workflows — the caller and nine levels below it.
const maxLevels = 10
// runner: src/Sdk/WorkflowParser/ParseOptions.cs, MaxFiles = 51: the caller's own file and 50 called ones.
const maxFiles = 51

/**
 * Loads a workflow with everything it calls, as GitHub does before a run starts: any error here is a startup failure.
 * @param allowed what the token may have at most: the calling job's permissions, or the repository's default.
 */
export async function loadCallTree(
  source: Source,
  path: string,
  allowed: Permissions,
  sources: Sources,
): Promise<Planned> {
  const files = new Set<string>()
  return load(source, path, allowed, sources, 1, files)
}

async function load(
  source: Source,
  path: string,
  allowed: Permissions,
  sources: Sources,
  level: number,
  files: Set<string>,
): Promise<Planned> {
  files.add(`${source.repository}/${path}@${source.sha}`)
  if (files.size > maxFiles)
    return { errors: [`${path}: more than ${maxFiles - 1} reusable workflows are called`] }
  const content = source.read(path)
  if (content === undefined) return { errors: [`${path}: no such workflow file at ${source.sha}`] }
  const locate = (uses: string) => locateCalled(uses, source, sources)
  const { workflow, errors } = await readWorkflow({ name: path, content }, (uses) => {
    const found = locate(uses)
    const body = found?.source.read(found.path)
    return found && body !== undefined ? { name: found.path, content: body } : undefined
  })
  if (!workflow) return { errors }
  // GITHUB_TOKEN permissions of a called workflow replace nothing they were not given: they are only downgraded
  // (docs: reusing-workflow-configurations#supported-keywords-for-jobs-that-call-a-reusable-workflow).
  const ofWorkflow = workflow.permissions ?? allowed
  const jobs: PlannedJob[] = []
  const found: string[] = []
  for (const definition of workflow.jobs) {
    const permissions = definition.permissions ?? ofWorkflow
    if (!definition.uses) {
      jobs.push({ definition, permissions })
      continue
    }
    const target = locate(definition.uses)
    if (!target) {
      found.push(`${path}, job '${definition.id}': workflow '${definition.uses}' was not found`)
      continue
    }
    // docs: reuse-workflows — reusable workflows live directly in .github/workflows.
    if (!/^\.github\/workflows\/[^/]+\.ya?ml$/.test(target.path)) {
      found.push(`${path}, job '${definition.id}': '${definition.uses}' is not directly in .github/workflows`)
      continue
    }
    if (level >= maxLevels) {
      found.push(`${path}, job '${definition.id}': more than ${maxLevels} levels of reusable workflows`)
      continue
    }
    const called = await load(target.source, target.path, permissions, sources, level + 1, files)
    if (!called.tree) {
      found.push(...called.errors)
      continue
    }
    found.push(...permissionErrors(path, definition, called.tree, permissions))
    jobs.push({ definition, permissions, called: called.tree })
  }
  return found.length > 0 ? { errors: found } : { tree: { workflow, source, jobs }, errors: [] }
}

// runner: src/Sdk/WorkflowParser/Conversion/PermissionsHelper.cs, ValidateEmbeddedPermissions (the same words).
function permissionErrors(
  path: string,
  caller: JobDefinition,
  called: CallTree,
  allowed: Permissions,
): string[] {
  const problems: string[] = []
  const whole = called.workflow.permissions && excess(called.workflow.permissions, allowed)
  const place = `${path}, job '${caller.id}': Error calling workflow '${caller.uses}'.`
  if (whole)
    problems.push(
      `${place} The workflow is requesting '${whole.requested}', but is only allowed '${whole.allowed}'.`,
    )
  for (const { definition } of called.jobs) {
    const over = definition.permissions && excess(definition.permissions, allowed)
    if (!over) continue
    problems.push(
      `${place} The nested job '${definition.id}' is requesting '${over.requested}', but is only allowed '${over.allowed}'.`,
    )
  }
  return problems
}

/**
 * `./` and `$/` mean the repository and commit of the file they stand in (docs: workflow-syntax#jobsjob_iduses;
 * changelog 2026-07-30, self-repository syntax); a name with `@ref` means that repository.
 */
function locateCalled(
  uses: string,
  from: Source,
  sources: Sources,
): { source: Source; path: string } | undefined {
  if (uses.startsWith('./') || uses.startsWith('$/')) return { source: from, path: uses.slice(2) }
  const reference = parseReference(uses)
  const source = reference && sources.find(reference.repository, reference.ref)
  return reference && source ? { source, path: reference.path } : undefined
}
