import { readFile } from 'node:fs/promises'
import t from 'tap'
import type { BlockRequest, ShowRequest } from '../contracts/selling.ts'
import { testDatabaseUrl } from '../db/test-database.ts'
import { givenService, OPERATOR, raw } from './given-service.ts'

const DOCS = new URL('../docs/shows.md', import.meta.url)

t.test('the show and the house seats that the documentation describes are taken as they stand there', async (t) => {
  const { put } = await givenService(t, await testDatabaseUrl(t))
  const [show, block] = await examples()
  await put(`/seating-plans/${show.planCode}`, planWith(show, block))

  const made = await put('/shows/ejemplo', show)
  const kept = await put('/shows/ejemplo/blocks/prensa', block)

  t.match(made, { status: 200, body: { code: 'ejemplo', places: 60 } })
  t.match(kept, { status: 200, body: { reason: 'Prensa', seatNos: { length: block.seats.length } } })
})

t.test('a focus that no number reaches, and more than the list of seats may have, are refused at the door', async (t) => {
  const { send } = await givenService(t, await testDatabaseUrl(t))
  const [show] = await examples()
  const sent = (text: string) => send('PUT', '/shows/otro', OPERATOR, raw(text))

  t.match(await sent(JSON.stringify(show).replace('"x":605', '"x":1e999')), { status: 400, body: { code: 'BAD_INPUT' } })
  t.match(await sent(JSON.stringify(show).replace('"ticketTypes":[', '"ticketTypes":["",')), { status: 400, body: { code: 'BAD_INPUT' } })
  t.match(await sent(JSON.stringify({ ...show, unread: 'x'.repeat(1_024 * 1_024) })), {
    status: 413,
    body: { code: 'FST_ERR_CTP_BODY_TOO_LARGE' }
  })
})

async function examples(): Promise<[ShowRequest, BlockRequest]> {
  const blocks = (await readFile(DOCS, 'utf8')).matchAll(/^```json\n(.*?)^```$/gms)
  const [show, block] = [...blocks].map(([, text]) => JSON.parse(text!))
  return [show, block]
}

/** As much of the theatre as the examples speak of: all seats they name in one row, and one seat of every other category. */
function planWith({ prices, accessible = [] }: ShowRequest, { seats: kept }: BlockRequest) {
  const [first, ...others] = prices.map(({ category }) => category)
  const guids = [...accessible.flatMap(({ seat, companions }) => [seat, ...companions]), ...kept]
  const seats = [...guids.map((guid) => ({ guid, category: first })), ...others.map((category) => ({ guid: category, category }))]
  return {
    name: 'Teatro',
    categories: prices.map(({ category }) => ({ name: category, color: '#888888' })),
    zones: [
      {
        name: 'Sala',
        position: { x: 0, y: 0 },
        rows: [
          {
            row_number: 'A',
            seats: seats.map(({ guid, category }, i) => ({
              seat_guid: guid,
              seat_number: `${i + 1}`,
              position: { x: 25 * i, y: 0 },
              category
            }))
          }
        ]
      }
    ]
  }
}
