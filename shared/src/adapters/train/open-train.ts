import { ConfigurationError } from '../../config/configuration-error.ts'
import type { TrainPorts } from '../../ports/train.ts'
import type { RunContext } from '../../runtime/run-context.ts'
import { systemClock as clock } from '../clock/system-clock.ts'
import { writeJobFile } from '../files/write-job-file.ts'
import { openClient } from '../github/client.ts'
import { openGitHub } from '../github/open-github.ts'
import { openRecordStore } from '../github/open-record-store.ts'
import { everyPage } from '../github/pages.ts'
import { openPushPermission } from '../github/push-permission.ts'
import { sha256 } from '../hash/sha256.ts'
import { openPartner } from './open-partner.ts'

type Wish = { 'github-token': string; 'train-token': string; 'dry-run': boolean }

/** The same answer to the same question, for as long as a pass lasts. */
const once = <Answer>(ask: (about: string) => Answer): ((about: string) => Answer) => {
  const known = new Map<string, Answer>()
  return (about) => {
    const answer = known.get(about) ?? ask(about)
    known.set(about, answer)
    return answer
  }
}

/** The repository that coordinates, by the job's token; the others by the one of an app. */
export const openTrain = (wish: Wish, context: RunContext, signal: AbortSignal): TrainPorts => {
  const token = wish['github-token']
  if (token === '')
    throw new ConfigurationError(
      'input "train": a train lives in the record and in its ticket; give github-token (contents: write, issues: write)',
    )
  const options = { context, token, dryRun: wish['dry-run'], clock, signal }
  const client = openClient(options)
  const { owner, repo } = client
  return {
    github: openGitHub(options),
    store: openRecordStore(options),
    mayPush: openPushPermission(client),
    comments: async (issue) => {
      const all = await everyPage(
        client,
        `read the comments of issue ${issue}`,
        'issues: read',
        (octokit, range) =>
          octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
            owner,
            repo,
            issue_number: issue,
            ...range,
          }),
      )
      return all.map(({ id, user, body, created_at, updated_at, html_url }) => ({
        id: Number(id),
        author: user?.login ?? '',
        bot: user === null || user?.type !== 'User',
        body: body ?? '',
        createdAt: created_at,
        edited: created_at !== updated_at,
        url: html_url,
      }))
    },
    ticket: async (label, marker) => {
      const all = await everyPage(client, 'list the issues', 'issues: read', (octokit, range) =>
        octokit.request('GET /repos/{owner}/{repo}/issues', {
          owner,
          repo,
          state: 'all',
          labels: label,
          ...range,
        }),
      )
      const ours = all.filter(
        ({ user, body, pull_request }) =>
          pull_request === undefined &&
          (user?.type === 'Bot' || user?.login.endsWith('[bot]')) &&
          (body ?? '').split('\n').some((line) => line.trim().startsWith(`<!-- ${marker}:`)),
      )
      return ours.length === 0 ? null : Math.min(...ours.map(({ number }) => number))
    },
    partner:
      wish['train-token'] === ''
        ? null
        : once((repository) => {
            const [owner = '', name = ''] = repository.split('/')
            return openPartner({
              ...options,
              token: wish['train-token'],
              context: { ...context, repository: { owner, name } },
            })
          }),
    dryRun: wish['dry-run'],
    clock,
    sha256,
    write: writeJobFile,
  }
}
