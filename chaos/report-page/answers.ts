import type { Entry, Op, Outcome } from '../history.ts'

/** What is asked for at a counter. Everything else is done by browsers. */
const BOX_OFFICE: readonly Op[] = ['hold', 'sale']

/** One question and what it was told. */
export interface Answer {
  op: Op
  outcome: Outcome
  atMs: number
  /** From the question of the same try. */
  tookMs: number
  /** Asked once more by somebody who knew. */
  again: boolean
}

export function answersIn(history: Entry[]): Answer[] {
  const asked = new Map<string, number>()
  const answers: Answer[] = []
  for (const { type, op, key, try: nth, atMs, again = false } of history) {
    const question = `${op} ${key} ${nth}`
    if (type === 'invoke') asked.set(question, atMs)
    else answers.push({ op, outcome: type, atMs, tookMs: atMs - (asked.get(question) ?? atMs), again })
  }
  return answers
}

export function atBoxOffice({ op }: Pick<Answer, 'op'>): boolean {
  return BOX_OFFICE.includes(op)
}
