import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import type { Faults } from '../faults.ts'

/** `500`: nothing was done; `hang`: nothing is done and nobody answers; `die`: it was done and nobody answers; `slow`: it was done, after a while. */
export type BankFault = 'slow' | '500' | 'hang' | 'die'

const SLOW_MS = 4_000
const HANGING_MAX = 1_000

/** Where every call of the shop is answered, or met with the trouble that was ordered. */
export function openCounter(faults: Faults<BankFault>) {
  const hanging = new Set<FastifyReply>()
  return {
    async answer(call: string, reply: FastifyReply, act: () => object): Promise<unknown> {
      const fault = faults.take(call)
      if (fault === 'slow') await sleep(SLOW_MS)
      if (fault === '500') return reply.code(500).send({ error_message: 'Internal error' })
      if (fault === 'hang' && hanging.size < HANGING_MAX) return leave(reply)
      const done = act()
      if (fault !== 'die') return done
      reply.hijack()
      reply.raw.destroy()
    },
    close: async () => {
      for (const reply of hanging) reply.raw.destroy()
    }
  }

  function leave(reply: FastifyReply): void {
    reply.hijack()
    hanging.add(reply)
    reply.raw.on('close', () => hanging.delete(reply))
  }
}
