/** Why a sign-off does not count. Stable codes: only ever added to. */
export const signoffReasons = {
  'approval-missing': 'nobody has approved for this role yet',
  'approval-rejected': 'somebody said no; a rejection wins over any approval',
  'approval-bypassed': 'the job ran without an approval: an administrator bypassed the protection',
  'bot-approval': 'a machine approved; only people can sign off',
  'self-approval': 'the approver started the run or had a hand in a change of the release',
  'same-person-two-roles': 'one person signed off for two roles',
  'wrong-attempt': 'the approval belongs to another run or attempt',
  'wrong-digest': 'the approval was given for another revision of the plan',
} as const
export type SignoffReason = keyof typeof signoffReasons

/** What to do about it. */
export const signoffRemedies: Record<SignoffReason, string> = {
  'approval-missing': 'have a reviewer of the environment approve the waiting job',
  'approval-rejected': 'settle the objection, then run the whole workflow again',
  'approval-bypassed':
    'run all jobs again and let a reviewer approve; forbid bypassing in the settings of the environment',
  'bot-approval': 'have a person approve',
  'self-approval': 'have somebody approve who neither started the run nor wrote or committed a change in it',
  'same-person-two-roles': 'have a second person approve one of the roles',
  'wrong-attempt':
    'run all jobs again (not only the failed ones), so that everybody is asked in the same attempt',
  'wrong-digest': 'have the present revision of the plan approved',
}
