type Needing = Readonly<Record<string, { readonly 'depends-on': readonly string[] }>>

/** Names of components that need each other in a circle, the first one again at the end; null where none do. */
export const componentCircle = (components: Needing): string[] | null => {
  let left = new Set(Object.keys(components))
  const needsOf = (name: string) => (components[name]?.['depends-on'] ?? []).filter((need) => left.has(need))
  for (let before = -1; before !== left.size; ) {
    before = left.size
    left = new Set([...left].filter((name) => needsOf(name).length > 0))
  }
  const path: string[] = []
  // Each of those left needs another of them, so the walk comes back to where it was.
  for (let at = [...left][0]; at !== undefined; at = needsOf(at)[0]) {
    const again = path.indexOf(at)
    if (again >= 0) return [...path.slice(again), at]
    path.push(at)
  }
  return null
}
