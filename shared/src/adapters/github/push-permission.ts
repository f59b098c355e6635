import type { Client } from './client.ts'
import { orNull } from './or-null.ts'

/** Whether an account may push to the repository: `admin` or `write`, as which GitHub also counts `maintain`. */
export const openPushPermission =
  (client: Client) =>
  async (login: string): Promise<boolean> => {
    const { owner, repo } = client
    const found = await orNull(
      client.call({
        what: `see whether ${login} may push to ${owner}/${repo}`,
        needs: 'metadata: read',
        nature: 'safe',
        send: (octokit) =>
          octokit.request('GET /repos/{owner}/{repo}/collaborators/{username}/permission', {
            owner,
            repo,
            username: login,
          }),
      }),
    )
    return ['admin', 'write'].includes(found?.data.permission ?? '')
  }
