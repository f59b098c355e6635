/** One step of a path: a key, a place in a list, or every entry of a list. */
export type PathStep = { key: string } | { index: number } | { every: true }

const step = /(?:^|\.)([A-Za-z_$][A-Za-z0-9_$-]*)|\[(\d{1,6})\]|\[(\*)\]|\["((?:[^"\\]|\\.)*)"\]/y

/**
 * A path into JSON: names after dots, `[0]` for a place in a list, `[*]` for every entry, `["any.name"]` for other names;
 * such as `data.result[*].metric["app.version"]`. Null when the text is no such path.
 */
export const parsePath = (text: string): PathStep[] | null => {
  const steps: PathStep[] = []
  step.lastIndex = 0
  while (step.lastIndex < text.length) {
    const found = step.exec(text)
    if (!found) return null
    const [, name, index, every, quoted] = found
    if (every) steps.push({ every: true })
    else if (index !== undefined) steps.push({ index: Number(index) })
    else steps.push({ key: name ?? (quoted ?? '').replace(/\\(.)/g, '$1') })
  }
  return steps.length > 0 ? steps : null
}

/** Everything that a path leads to; what is not there is left out. Only own keys are followed. */
export const select = (value: unknown, path: readonly PathStep[]): unknown[] =>
  path.reduce<unknown[]>(
    (found, one) => {
      // Not flatMap with spread: a list may be longer than a call takes arguments.
      const next: unknown[] = []
      for (const inner of found) {
        if ('every' in one) {
          if (Array.isArray(inner)) for (const entry of inner) next.push(entry)
        } else if ('index' in one) {
          if (Array.isArray(inner) && one.index < inner.length) next.push(inner[one.index])
        } else if (
          inner !== null &&
          typeof inner === 'object' &&
          !Array.isArray(inner) &&
          Object.hasOwn(inner, one.key)
        )
          next.push((inner as Record<string, unknown>)[one.key])
      }
      return next
    },
    [value],
  )
