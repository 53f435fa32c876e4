import { userInfo } from 'node:os'
import { commandLine, endWith } from './arguments.ts'
import { failedEvents, type Registers } from './failed-events.ts'
import { readInstance } from './instance.ts'

const USAGE = `usage: npm run failed [-- --instance N] [--json]
       npm run failed -- retry EVENT_ID
       npm run failed -- discard EVENT_ID --reason "WHY" [--by NAME]`

/** What an operator reads: what failed and why, and what waits. */
export function listed({ failed, held, failedInAll, heldInAll }: Registers): string {
  if (failedInAll + heldInAll === 0) return 'No event has failed and none is on hold.'
  return [
    `${failedInAll} failed, ${heldInAll} on hold.`,
    ...failed.flatMap(({ eventId, type, orderId, reason, times, failedAt, onHold }) => [
      `failed  ${eventId}  ${type ?? 'no event'}  ${orderId ? `order ${orderId}` : 'of no order'}`,
      `        ${failedAt}${times > 1 ? `, ${times} times` : ''}${onHold > 0 ? `, ${onHold} on hold behind it` : ''}: ${reason}`
    ]),
    ...held.map(
      ({ eventId, type, orderId, sequence, last }) =>
        `on hold ${eventId}  ${type ?? 'no event'}  order ${orderId}, number ${sequence}: number ${last + 1} is missing`
    ),
    ...(failed.length < failedInAll || held.length < heldInAll ? ['The oldest are shown.'] : [])
  ].join('\n')
}

if (import.meta.main) await main().catch(endWith)

async function main(): Promise<void> {
  const options = { json: { type: 'boolean' }, reason: { type: 'string' }, by: { type: 'string' } } as const
  const { instance, values, names } = commandLine(options)
  const { issueUrls, operatorToken } = await readInstance(instance)
  const register = failedEvents(issueUrls, operatorToken)
  const [verb, eventId] = names
  if (verb === undefined) {
    const registers = await register.list()
    console.log(values.json ? JSON.stringify(registers) : listed(registers))
    return
  }
  if (eventId === undefined || names.length > 2) throw new Error(USAGE)
  const answer = await decide(verb, eventId)
  if (values.json) console.log(JSON.stringify('taken' in answer ? answer.taken : answer.refused))
  else
    console.log(
      'taken' in answer ? decided(answer.taken) : `Nothing changed: ${answer.refused.title}. ${answer.refused.params.reason ?? ''}`
    )
  process.exitCode = 'taken' in answer ? 0 : 1

  function decide(what: string, id: string) {
    if (what === 'retry') return register.retry(id)
    if (what === 'discard' && values.reason) return register.discard(id, { by: values.by ?? userInfo().username, reason: values.reason })
    throw new Error(USAGE)
  }
}

function decided({ state, followed }: { state: string; followed: string[] }): string {
  const said = { done: 'Done.', held: 'On hold: an earlier event of its order is missing.', discarded: 'Discarded, and kept for auditors.' }
  const after = followed.length > 0 ? ` ${followed.length} on hold behind it are done too.` : ''
  return `${said[state as keyof typeof said] ?? state}${after}`
}
