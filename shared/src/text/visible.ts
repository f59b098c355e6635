import { redact } from './redact.ts'

// Terminal sequences, controls, bidirectional overrides, fillers, zero-width and tag characters: they hide or reorder text.
const terminal = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?)/g
const invisible =
  /[\p{Default_Ignorable_Code_Point}\p{Cf}\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/gu
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Untrusted text without characters that hide or reorder what is read, and without what looks like a secret. */
export const visible = (text: string): string =>
  redact(text.replace(terminal, '').replace(loneSurrogate, '\ufffd').replace(invisible, ''))

/** One line of `visible` text of at most `limit` UTF-16 units: what a plan or a record keeps of untrusted text. */
export const cut = (text: string, limit: number): string => {
  const line = visible(text.slice(0, 20 * limit + 1_000).replace(/\s+/g, ' ')).trim()
  return line.length > limit ? `${line.slice(0, limit - 1).replace(loneSurrogate, '')}…` : line
}
