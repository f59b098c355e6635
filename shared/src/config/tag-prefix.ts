/**
 * Whether git can hold a tag of this prefix and a version (git-check-ref-format(1)); null, or what is wrong with it.
 */
export const prefixFault = (prefix: string): string | null => {
  const sign = /[\s\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock\//.exec(prefix)
  if (sign) return `no tag of git may hold ${JSON.stringify(sign[0])}`
  const first = /^[-./]/.exec(prefix)
  return first ? `no tag of git may begin with ${JSON.stringify(first[0])}` : null
}
