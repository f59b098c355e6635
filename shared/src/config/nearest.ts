/** The word that was probably meant: at most a third of its letters away (swapped neighbours count once). */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  if (word.length > 64) return undefined
  const near = known
    .map((each) => ({ each, far: distance(word.toLowerCase(), each.toLowerCase()) }))
    .filter(({ each, far }) => far <= Math.max(1, Math.floor(Math.max(each.length, word.length) / 3)))
    .sort((a, b) => a.far - b.far)
  return near[0]?.each
}

/** Optimal string alignment distance (Damerau–Levenshtein with each place edited once). */
const distance = (a: string, b: string): number => {
  const rows = Array.from({ length: a.length + 1 }, (_, row) => [row, ...new Array<number>(b.length).fill(0)])
  const cell = (row: number, column: number): number => rows[row]?.[column] ?? 0
  for (let column = 0; column <= b.length; column++) (rows[0] as number[])[column] = column
  for (let row = 1; row <= a.length; row++) {
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let best = Math.min(
        cell(row - 1, column) + 1,
        cell(row, column - 1) + 1,
        cell(row - 1, column - 1) + (same ? 0 : 1),
      )
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (swapped) best = Math.min(best, cell(row - 2, column - 2) + 1)
      ;(rows[row] as number[])[column] = best
    }
  }
  return cell(a.length, b.length)
}
