/** Milestones as GraphQL shows them: with issues, without pull requests. */

import { issuesOf } from '../documents/issue.ts'
import type { Github } from '../github.ts'
import type { Milestone } from '../state/store.ts'
import { connection, type Page } from './connection.ts'
import { issueNode } from './pull-request.ts'

export function milestoneNode(github: Github, milestone: Milestone): Record<string, unknown> {
  return {
    number: milestone.number,
    title: milestone.title,
    url: `${github.page}/milestone/${milestone.number}`,
    state: milestone.state === 'open' ? 'OPEN' : 'CLOSED',
    dueOn: milestone.dueOn,
    issues: (page: Page) =>
      connection(
        'issues',
        page,
        issuesOf(github, milestone).filter(({ pull }) => !pull),
        (issue) => issueNode(github, issue),
      ),
  }
}
