/** Uploads of workflow runs, and attestations about digests. */

import { nodeId } from '../documents/identity.ts'
import { type Github, ok, type Routes } from '../github.ts'
import { counted } from '../pages.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { Upload } from '../state/store.ts'

function uploadDocument({ api, store }: Github, upload: Upload): Record<string, unknown> {
  const run = store.runs.get(upload.runId)
  const url = `${api}/actions/artifacts/${upload.id}`
  return {
    id: upload.id,
    node_id: nodeId('Artifact', upload.id),
    name: upload.name,
    size_in_bytes: upload.size,
    url,
    archive_download_url: `${url}/zip`,
    expired: upload.expired,
    created_at: upload.createdAt,
    expires_at: upload.expiresAt,
    updated_at: upload.createdAt,
    digest: upload.digest,
    workflow_run: run
      ? {
          id: run.id,
          repository_id: 1,
          head_repository_id: 1,
          head_branch: run.headBranch,
          head_sha: run.headSha,
        }
      : null,
  }
}

export const artifactRoutes: Routes = {
  'get /actions/artifacts': (call) => {
    const { name } = call.query
    const all = call.github.store.uploads.filter((upload) => name === undefined || upload.name === name)
    return counted(call, 'artifacts', [...all].reverse(), (upload) => uploadDocument(call.github, upload))
  },
  // It answers with where the archive lies, for a minute (OpenAPI, "Download an artifact"); a redirect has no body to check.
  'get /actions/artifacts/{artifact_id}/{archive_format}': ({ github, params }) => {
    const upload = github.store.uploads.find(({ id }) => id === Number(params.artifact_id))
    if (!upload?.archive || params.archive_format !== 'zip') throw notFound()
    if (upload.expired) throw new Refusal(410, 'Artifact has expired')
    return { status: 302, headers: { location: upload.archive }, raw: Buffer.alloc(0) }
  },
  // The description knows no other answer than a list for a digest that nobody attested to.
  'get /attestations/{subject_digest}': ({ github, params }) =>
    ok({
      attestations: github.store.attestations
        .filter(({ digest }) => digest === params.subject_digest)
        .map(({ bundle }) => ({ bundle, repository_id: 1, bundle_url: '', initiator: 'user' })),
    }),
}
