/** Follows the share of traffic of the new version, as the proxy itself says it. */
export type WeightWatch = {
  series: { at: number; weight: number }[]
  /** Resolves the first time that `weight` or more has been held for `milliseconds`. */
  reaches(weight: number, milliseconds: number): Promise<void>
  stop(): void
}

const pace = 50

export const watchWeight = (admin: string, now: () => number): WeightWatch => {
  const series: { at: number; weight: number }[] = []
  const waiting: { weight: number; milliseconds: number; done: () => void }[] = []
  let since = now()
  let running = true
  const look = async () => {
    while (running) {
      const answer = await fetch(`${admin}/weight`).catch(() => null)
      const weight = answer?.ok ? ((await answer.json()) as { weight: number }).weight : null
      if (weight !== null && weight !== series.at(-1)?.weight) {
        since = now()
        series.push({ at: since, weight })
      }
      const present = series.at(-1)?.weight ?? 0
      for (const wait of waiting.filter(
        (one) => present >= one.weight && now() - since >= one.milliseconds,
      )) {
        waiting.splice(waiting.indexOf(wait), 1)
        wait.done()
      }
      await new Promise((done) => setTimeout(done, pace))
    }
  }
  void look()
  return {
    series,
    reaches: (weight, milliseconds) => new Promise((done) => waiting.push({ weight, milliseconds, done })),
    stop: () => {
      running = false
    },
  }
}
