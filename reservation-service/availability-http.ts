import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { Problem } from '../chassis/problem.ts'
import { sendRepresentation } from '../chassis/representation.ts'
import { onlyWith } from '../chassis/server.ts'
import { Availability as Body } from '../contracts/selling.ts'
import { Key } from '../contracts/values.ts'
import type { Availability } from './availability.ts'
import { refuse } from './refusals.ts'

export interface AvailabilityOptions {
  availability: Availability
  token: string
}

/** The map of a show, for as many viewers as come. It helps to choose; a hold decides. */
export const availabilityDoor: FastifyPluginAsyncTypebox<AvailabilityOptions> = async (app, { availability, token }) => {
  app.addHook('onRequest', onlyWith(token))

  app.get(
    '/shows/:showId/availability',
    {
      schema: {
        params: Type.Object({ showId: Key }),
        response: {
          200: { ...Body, description: 'Compressed as asked for, with an ETag; at most 300 ms old.' },
          304: Type.Null({ description: 'The same as the caller has.' }),
          '4xx': Problem,
          '5xx': Problem
        }
      }
    },
    async (request, reply) => {
      const { showId } = request.params
      const map = await availability.represented(showId)
      if (!map) throw refuse('SHOW_UNKNOWN', { showId })
      return sendRepresentation(request, reply, map)
    }
  )
}
