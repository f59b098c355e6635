import type { GitHub } from '@relman/core/ports/github'
import { GitHubError } from '@relman/core/ports/github-error'
import type { Preview } from '@relman/core/preview/preview'
import { previewComment, previewMarker } from '@relman/core/preview/preview-comment'
import type { Outcome } from '@relman/core/runtime/outcome'
import { code, inline } from '@relman/core/text/escape-markdown'

/** Where the preview was said: the address of the comment, or why it stands in the job summary only. */
export type Told = { url: string; instead: string }

type Wish = { preview: Preview; service: string; github: GitHub; dryRun: boolean; overtaken: boolean }

/** Brings the one comment up to date. What GitHub refuses stops nothing: the summary says the same. */
export const publishPreview = async ({
  preview,
  service,
  github,
  dryRun,
  overtaken,
}: Wish): Promise<Told> => {
  if (dryRun) return { url: '', instead: 'a dry run comments on nothing' }
  if (preview.after.plan?.embargo) return { url: '', instead: 'nobody is told of a release under embargo' }
  if (overtaken)
    return { url: '', instead: 'the pull request has newer commits, whose run keeps the comment up to date' }
  try {
    const body = previewComment(preview)
    const marker = previewMarker(service)
    return {
      url: (await github.comments.ensure({ pull: preview.pull.number, marker, body })).url,
      instead: '',
    }
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    const instead =
      error.reasonCode === 'permission-missing'
        ? 'the token may not comment (as in every pull request from a fork), so this summary is all'
        : error.message
    return { url: '', instead }
  }
}

type Given = { preview: Preview; planned: Outcome; told: Told; broken: string | null }

/** Red where the branch is frozen for this change, or where its policy could not be read; else green. */
export const previewOutcome = ({ preview, planned, told, broken }: Given): Outcome => {
  const { entry, enforced, pull, after } = preview
  const held = entry.entry === 'held'
  const version = after.plan
    ? `${after.plan.service} ${after.plan.version}`
    : after.components.map((each) => `${each.component} ${each.version}`).join(', ') || 'no release'
  // What stands in the way of the release itself is said; the pull request is not held for it.
  const otherwise = planned.failed ? 'would-refuse' : planned.decision
  const about = `#${pull.number} merged into ${pull.base} would be ${version}`
  const message = broken
    ? `${about}, but the release policy could not be read any more: ${broken}`
    : held
      ? `${enforced ? '' : 'would be held: '}${entry.why}; ${entry.remedies.join('; ')}`
      : `${about}; ${entry.why}`
  const instead = told.instead === '' ? '' : `\n\n*No comment: ${inline(told.instead, 400)}.*`
  return {
    decision: broken || (held && enforced) ? 'refused' : held ? 'would-refuse' : otherwise,
    reasonCode: broken ? 'policy-broken' : (entry.reasonCode ?? planned.reasonCode),
    message,
    failed: broken !== null || (held && enforced),
    outputs: planned.outputs,
    data: {
      ...planned.data,
      recorded: false,
      pull: pull.number,
      base: pull.base,
      freeze: { entry: entry.entry, reason: entry.reasonCode, why: entry.why, remedies: entry.remedies },
      comment: told.url,
    },
    summary: `${previewComment(preview)}${instead}\n\n---\n\n${planned.summary || code(planned.message)}`,
  }
}
