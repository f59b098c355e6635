import type { Plan } from '../plan/plan.ts'

export type Duty = { role: string; person: string | null; does: string }
/** Somebody who is away while they are needed. `when` says for what; `deputy` is null where nobody stands in. */
export type Absence = { who: string; from: string; to: string; when: string; deputy: string | null }
/** `by`: minutes after the alarm until which they answer, all before them included. */
export type Call = { who: string; by: number }

export type Roster = {
  duties: Duty[]
  absences: Absence[]
  escalation: Call[]
  continuity: string
  incident: string | null
}

/** Row P26: who does what, who is away when they are needed, who is called and until when. */
export const roster = (plan: Plan): Roster => {
  const { people } = plan.policy
  return {
    duties: duties(plan),
    absences: absences(plan),
    escalation: calls(people.escalation),
    continuity: people.continuity,
    incident: people.incident ?? null,
  }
}

const calls = (chain: Plan['policy']['people']['escalation']): Call[] => {
  let by = 0
  return chain.map(({ who, within }) => {
    by += within / 60
    return { who, by }
  })
}

const duties = ({ schedule, signoffs, policy }: Plan): Duty[] => {
  const work = new Map<string, string[]>()
  for (const { role, name } of schedule?.tasks ?? []) work.set(role, [...(work.get(role) ?? []), name])
  for (const { role } of signoffs) work.set(role, [...(work.get(role) ?? []), 'signs off'])
  return [...work].map(([role, tasks]) => ({
    role,
    person: policy.schedule.owners[role] ?? null,
    does: [...new Set(tasks)].join(', '),
  }))
}

/** Days are compared as dates, the last one included: a gap is better named once too often than missed. */
const absences = (plan: Plan): Absence[] => {
  const { schedule, policy } = plan
  const needs = new Map<string, { at: string; when: string }[]>()
  const need = (person: string, at: string, when: string) =>
    needs.set(person, [...(needs.get(person) ?? []), { at: at.slice(0, 10), when }])
  for (const { owner, due, name } of schedule?.tasks ?? []) need(owner, due, name)
  if (schedule?.window) {
    for (const { role } of plan.signoffs) {
      const person = policy.schedule.owners[role]
      if (person) need(person, schedule.window.start, `sign-off (${role})`)
    }
    for (const { who } of policy.people.escalation) need(who, schedule.window.start, 'on call in the window')
  }
  return policy.people.away.flatMap(({ who, from, to, deputy }) => {
    const missed = (needs.get(who) ?? []).filter(({ at }) => at >= from && at <= to)
    const when = [...new Set(missed.map((each) => `${each.when} (${each.at})`))].join(', ')
    return missed.length === 0 ? [] : [{ who, from, to, when, deputy: deputy ?? null }]
  })
}
