import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { Refusal } from '../chassis/errors.ts'
import { sendRepresentation } from '../chassis/representation.ts'
import { Code } from '../contracts/values.ts'
import type { AvailabilityFeed } from './availability.ts'

/** What can be had of a show, for its pages to look at while they are open. Its age is in the header `age`, also beside a 304. */
export const availabilityHttp: FastifyPluginAsyncTypebox<{ feed: AvailabilityFeed }> = async (app, { feed }) => {
  app.get('/funciones/:code/disponibilidad.json', { schema: { params: Type.Object({ code: Code }) } }, async (request, reply) => {
    const found = await feed.of(request.params.code)
    if (!found) throw new Refusal('NO_SUCH_PAGE', 404, 'No such show', {})
    if (Number.isFinite(found.ageSeconds)) reply.header('age', found.ageSeconds)
    return sendRepresentation(request, reply, found.body)
  })
}
