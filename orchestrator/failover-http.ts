import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { refusals } from '../chassis/errors.ts'
import { onlyWith } from '../chassis/server.ts'
import { isFollowing, isWhole, leaderAmong } from './failover.ts'
import { isReady, LIMITS, reignOf } from './failover-decision.ts'
import { beatingAmong } from './failover-suspicion.ts'
import type { Watch } from './failover-watch.ts'

const refuse = refusals({
  NOT_WHOLE: [409, 'Not every other node follows the primary'],
  NO_LOSS_NEEDED: [409, 'Two nodes can be prepared: nothing need be lost'],
  NO_SURVIVOR: [409, 'No node can be prepared']
})

/** Whether a reign is in force, for anybody who waits for it; and what people may ask for. */
export const failoverDoors: FastifyPluginAsyncTypebox<{ watch: Watch; token: string }> = async (app, { watch, token }) => {
  app.get('/readyz', (_request, reply) => {
    const view = viewOf(watch)
    return reply.code(view.ready ? 200 : 503).send(view)
  })

  app.post('/switchover', { onRequest: onlyWith(token), schema: { body: Type.Object({}) } }, () => {
    const { leader, others, states } = seenBy(watch)
    if (!leader || !viewOf(watch).ready || states.length < watch.last().nodes.length || !others.every((state) => isWhole(state, leader)))
      throw refuse('NOT_WHOLE', { nodes: states.map(({ node, role, streaming, copying }) => ({ node, role, streaming, copying })) })
    watch.wish({ wants: 'switchover', untilMs: performance.now() + LIMITS.wishMs })
    return { from: leader.node, epoch: reignOf(leader) }
  })

  app.post('/recover', { onRequest: onlyWith(token), schema: { body: Type.Object({ acceptLoss: Type.Literal(true) }) } }, () => {
    const { states } = seenBy(watch)
    const ready = states.filter(isReady)
    const commits = beatingAmong({ nodes: watch.last().nodes }) !== undefined
    if (ready.length > 1 || leaderAmong(states) || commits) throw refuse('NO_LOSS_NEEDED', { ready: ready.map(({ node }) => node) })
    const [survivor] = ready
    if (!survivor) throw refuse('NO_SURVIVOR')
    watch.wish({ wants: 'accept-loss', survivor: survivor.node, untilMs: performance.now() + LIMITS.lossMs })
    return { survivor: survivor.node, epoch: survivor.rowEpoch, lsn: survivor.lsn }
  })
}

function seenBy(watch: Watch) {
  const states = watch.last().nodes.flatMap(({ state }) => state ?? [])
  const leader = leaderAmong(states)
  return { states, leader, others: states.filter((state) => state !== leader) }
}

/** `streaming`: who could take over. `copying`: who is being made anew, and how far that is. */
function viewOf(watch: Watch) {
  const { decision, nodes } = watch.last()
  const { leader, others } = seenBy(watch)
  const ready = leader !== undefined && leader.rowEpoch === reignOf(leader) && !decision.loud && !decision.memory.election
  return {
    ready,
    missing: ready ? [] : [decision.says],
    says: decision.says,
    loud: decision.loud ?? false,
    leader: leader?.node,
    epoch: leader && reignOf(leader),
    streaming: others.filter((state) => leader && isFollowing(state, leader) && state.streaming).map(({ node }) => node),
    copying: others.filter(({ copying }) => copying).map(({ node }) => node),
    nodes: nodes.map(({ node, state, pulse }) => ({
      node,
      role: state?.role ?? 'no agent',
      epoch: state?.rowEpoch ?? null,
      lsn: state?.lsn ?? null,
      ...(state?.copyProgress && { copiedShare: shareOf(state.copyProgress) }),
      silentMs: Math.round(pulse.silentMs)
    }))
  }
}

/** Between 0 and 1. The primary grows meanwhile, so its end may come a little early. */
function shareOf({ bytes, totalBytes }: { bytes: number; totalBytes: number }): number {
  return totalBytes === 0 ? 0 : Math.min(1, Math.round((bytes / totalBytes) * 100) / 100)
}
