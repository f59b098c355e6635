/** A merged pull request as GitHub has it. Text is untrusted. */
export type Pull = {
  number: number
  title: string
  author: string
  labels: string[]
  mergedBy: string | null
  issues: number[]
}
