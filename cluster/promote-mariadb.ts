import { commandLine, endWith } from './arguments.ts'
import { flagOf } from './describe.ts'
import { readInstance } from './instance.ts'

/** What an agent tells of its node, as far as it matters here. */
interface NodeState {
  name: string
  term: number
  leader: string
  alone: boolean
  missing: string[]
  status?: { readOnly: boolean }
}

type Agent = Awaited<ReturnType<typeof readInstance>>['mariadbAgents'][number]

const ASK_MS_MAX = 3_000
const PROMOTE_MS_MAX = 90_000

/** Why a node said no, and what an operator can do about it. */
const ADVICE: Record<string, string> = {
  PRIMARY_IS_WELL: 'the primary answers and takes writes: with --force it hands over all the same',
  NOT_WHOLE:
    'it cannot show that it has everything that was acknowledged: bring the old primary back, or accept the loss with --accept-loss',
  RUNS_ALONE: 'the leader was told to go on alone, so this node may lack documents: let it catch up, then end that with --together',
  LATER_TERM: 'another promotion came first: look again',
  NOT_YET: 'the promotion stands, but the node does not lead yet: its agent goes on trying'
}

const { instance, values } = commandLine({
  alone: { type: 'boolean', default: false },
  together: { type: 'boolean', default: false },
  force: { type: 'boolean', default: false },
  'accept-loss': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false }
} as const)

await main().catch(endWith)

/** Exit code 0: there is one leader, and it is the one that should lead. */
async function main(): Promise<void> {
  const { mariadbAgents, tokens } = await readInstance(instance)
  const known = await Promise.all(mariadbAgents.map(async (agent) => ({ agent, state: await stateOf(agent, tokens.agent) })))
  const { agent, wish } = decide(known)
  const answer = await order(agent, tokens.agent, wish)
  const { name, term, alone, status, missing } = answer
  const writes = status?.readOnly === false
  if (values.json) console.log(JSON.stringify({ leader: name, term, alone, writes, missing, holds: true }))
  else
    console.log(`${name} leads in term ${term}${alone ? ', alone' : ''}. ${writes && missing.length === 0 ? 'It takes writes.' : waits()}`)
}

function waits(): string {
  return `Documents can be read; new ones wait in the queue until the other node follows it.
Bring that node back (npm start${flagOf(instance) || ' --'} NAME), empty if it must be, or go on without it: --alone.`
}

/** Who is promoted: the node that does not lead. One that is there by itself and leads already is told so again. */
function decide(known: Array<{ agent: Agent; state: NodeState | undefined }>) {
  const there = known.flatMap(({ agent, state }) => (state ? [{ agent, state }] : []))
  const [newest] = there.toSorted((a, b) => b.state.term - a.state.term)
  if (!newest) throw new Error('no agent of a MariaDB node answers')
  const leader = there.find(({ state }) => state.name === newest.state.leader)
  const other = there.find(({ state }) => state.name !== newest.state.leader)
  const { force, alone, together, 'accept-loss': acceptLoss } = values
  if (together) return { agent: (leader ?? newest).agent, wish: { alone: false } }
  if (leader && (alone || !other)) {
    if (alone && other) throw new Error(`both nodes are there: ${newest.state.leader} need not go on alone; stop the other one first`)
    return { agent: leader.agent, wish: alone ? { alone } : {} }
  }
  if (!other) throw new Error('the only node that answers does not know who leads')
  return { agent: other.agent, wish: { force, acceptLoss, ...(alone ? { alone } : {}) } }
}

async function stateOf({ url }: Agent, token: string): Promise<NodeState | undefined> {
  return fetch(`${url}/state`, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(ASK_MS_MAX) })
    .then(async (answer) => (answer.ok ? ((await answer.json()) as NodeState) : undefined))
    .catch(() => undefined)
}

async function order({ name, url }: Agent, token: string, wish: object): Promise<NodeState> {
  const answer = await fetch(`${url}/promote`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(wish),
    signal: AbortSignal.timeout(PROMOTE_MS_MAX)
  })
  if (answer.ok) return (await answer.json()) as NodeState
  const { code = '', title = `answered ${answer.status}` } = (await answer.json()) as { code?: string; title?: string }
  throw new Error(`${name} is not promoted: ${ADVICE[code] ?? title} (${code})`)
}
