import { isDigest } from '../../artifact/digest.ts'
import { readStatement, type Statement } from '../../artifact/statement.ts'
import type { GitHubArtifacts } from '../../ports/github-artifacts.ts'
import type { Client } from './client.ts'
import { orNull } from './or-null.ts'
import { published } from './releases.ts'

const digestOr = (text: string | null | undefined): string | null => (isDigest(text) ? text : null)

/** Attestations, files of releases and uploads of runs. */
export const openArtifacts = (client: Client): GitHubArtifacts => {
  const { owner, repo } = client
  return {
    attestations: async (digest) => {
      const found = await orNull(
        client.call({
          what: `read the attestations of ${digest.slice(0, 19)}`,
          needs: 'attestations: read',
          nature: 'safe',
          send: (octokit) =>
            octokit.request('GET /repos/{owner}/{repo}/attestations/{subject_digest}', {
              owner,
              repo,
              subject_digest: digest,
              per_page: 100,
            }),
        }),
      )
      const bundles = found?.data.attestations ?? []
      return bundles
        .map(({ bundle }) =>
          // GitHub may leave the bundle out and give its address alone: then that it exists is all that is known.
          bundle ? statementIn(bundle.dsseEnvelope) : { predicate: '', subjects: [digest], commit: null },
        )
        .filter((one): one is Statement => one?.subjects.includes(digest) ?? false)
    },

    asset: async (tag, file) => {
      const release = await published(client, tag)
      const asset = release?.assets.find(({ name, state }) => name === file && state === 'uploaded')
      return asset ? { digest: digestOr(asset.digest) } : null
    },

    upload: async (name, sha) => {
      const { data } = await client.call({
        what: `look for the artifact ${name}`,
        needs: 'actions: read',
        nature: 'safe',
        send: (octokit) =>
          octokit.request('GET /repos/{owner}/{repo}/actions/artifacts', {
            owner,
            repo,
            name,
            per_page: 100,
          }),
      })
      const [newest] = data.artifacts
        .filter((one) => one.name === name && !one.expired && one.workflow_run?.head_sha === sha)
        .sort((a, b) => b.id - a.id)
      return newest ? { id: newest.id, digest: digestOr(newest.digest) } : null
    },

    archive: async (id) => {
      const { data } = await client.call({
        what: `fetch the upload ${id}`,
        needs: 'actions: read',
        nature: 'safe',
        tries: 3,
        send: (octokit) =>
          octokit.request('GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}', {
            owner,
            repo,
            artifact_id: id,
            archive_format: 'zip',
          }),
      })
      if (!(data instanceof ArrayBuffer)) throw new Error(`GitHub gave no archive for the upload ${id}`)
      return new Uint8Array(data)
    },
  }
}

/** The envelope holds the statement in base64. */
const statementIn = (envelope: unknown): Statement | null => {
  const payload = (envelope as { payload?: unknown } | undefined)?.payload
  return typeof payload === 'string' ? readStatement(Buffer.from(payload, 'base64').toString('utf8')) : null
}
