import type { Change } from '../scope/change.ts'
import { itemName } from '../scope/item-name.ts'
import { code, inline } from '../text/escape-markdown.ts'
import type { Plan } from './plan.ts'
import { showItem } from './show-item.ts'

const most = 200
const mostInside = 5

/**
 * Every change once, with the rule that reads it for the version, its risk, its size, who owns what it touches, and its
 * components and issues where there are any.
 */
export const showChanges = ({ changes, why, unlisted }: Plan): string => {
  const rules = new Map(why.map((row) => [row.sha, row]))
  const owned = changes.some(({ owners }) => owners.length > 0)
  const parted = changes.some(({ components }) => components.length > 0)
  const linked = changes.some(({ issues }) => issues.length > 0)
  const shown = changes.slice(0, most).map((change) => {
    const rule = rules.get(change.sha)
    const cells = [
      showItem(itemName(change)) + remarks(change) + inside(change, rule),
      inline(change.author, 60),
      ...(owned ? [inline(change.owners.slice(0, 3).join(', '), 100)] : []),
      ...(parted ? [inline(change.components.slice(0, 3).join(', '), 100)] : []),
      ...(linked
        ? [
            change.issues
              .slice(0, 5)
              .map((number) => `#${number}`)
              .join(', '),
          ]
        : []),
      rule ? `${inline(rule.rule, 80)} → ${rule.level}` : '',
      `${change.level}: ${inline(change.levelWhy, 120)}`,
      size(change),
    ]
    return `| ${cells.join(' | ')} |`
  })
  const count = changes.length + unlisted.changes
  const rest = count - shown.length
  const head = [
    'change',
    'author',
    ...(owned ? ['owners'] : []),
    ...(parted ? ['components'] : []),
    ...(linked ? ['issues'] : []),
    'version',
    'risk',
    'size',
  ]
  const table = [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...shown].join('\n')
  return `<details><summary>${count === 1 ? 'The change' : `All ${count} changes`}: author, rule, risk, size</summary>\n\n${table}${rest > 0 ? `\n\nand ${rest} more` : ''}\n\n</details>`
}

const remarks = ({ breaking, reverted }: Change): string =>
  [breaking ? ' **breaking**' : '', reverted ? ' (undone within this release)' : ''].join('')

const inside = (change: Change, row: Plan['why'][number] | undefined): string => {
  if (!change.inside) return ''
  const { commits, apart } = change.inside
  if (apart) return `<br>brings ${commits} commits, which are told as changes of their own`
  const named = (row?.inside ?? [])
    .slice(0, mostInside)
    .map(
      ({ sha, subject, rule, level }) =>
        `${code(sha.slice(0, 7))} ${inline(subject, 80)} (${inline(rule, 60)} → ${level})`,
    )
  const more = commits - named.length
  if (named.length === 0) return `<br>brings ${commits} commits`
  return `<br>brings ${commits} commits: ${named.join(' · ')}${more > 0 ? ` and ${more} more` : ''}`
}

const size = ({ files, lines }: Change): string =>
  [
    ...(lines ? [`+${lines.added} −${lines.deleted}`] : []),
    ...(files === null ? [] : [`${files} ${files === 1 ? 'file' : 'files'}`]),
  ].join(', ') || 'not read'
