/** Whether a date (`2026-12-24`) or time (`2026-12-24T18:00…`) is in the calendar; what is written otherwise is another fault. */
export const isDay = (text: string): boolean => {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d))?/.exec(text)
  if (!found) return true
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = found.slice(1).map((part) => Number(part ?? 0))
  const at = new Date(Date.UTC(year, month - 1, day))
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day && hour <= 23 && minute <= 59
}
