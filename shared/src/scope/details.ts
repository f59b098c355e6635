import { cut } from '../text/visible.ts'
import { type Change, type ChangeDetail, changeDetails } from './change.ts'

const footer = /^(impact|workaround|before|after|upgrade|known-issue|flag):[ \t]+(\S.*)$/gim

/** The footers that notes show, from the messages of a change; the first of each name counts. */
export const detailsOf = (messages: readonly string[]): Change['details'] => {
  const found: Change['details'] = {}
  for (const match of messages.join('\n').slice(0, 200_000).matchAll(footer)) {
    const name = changeDetails.find((each) => each === (match[1] ?? '').toLowerCase()) as ChangeDetail
    found[name] ??= cut(match[2] ?? '', 500)
  }
  return found
}
