import t from 'tap'
import { BROKEN, change, SEAT } from './broken-plans.ts'
import { givenPlan } from './given.ts'
import { parsePlanFile } from './plan-file.ts'
import { readPlan } from './read-plan.ts'

t.test('a seat lies where its zone, its row and itself add up to, moved so that nothing is off the page', (t) => {
  const plan = readPlan({
    name: 'Sala',
    size: { width: 100, height: 50 },
    categories: [{ name: 'Platea', color: '#aa0000' }],
    zones: [
      {
        name: 'Centro',
        position: { x: -60.5, y: 10 },
        rows: [
          { row_number: 'A', position: { x: 1, y: 2 }, seats: [seat('a1', { x: 0.5, y: 0 }), seat('a2', { x: 30, y: 0 })] },
          { row_number: 'B', seats: [seat('b1', { x: 0, y: 20 })] }
        ]
      }
    ]
  })

  t.strictSame(
    plan.seats.map(({ row, x, y }) => [row, x, y]),
    [
      ['A', 21.5, 20],
      ['A', 51, 20],
      ['B', 20, 38]
    ],
    'the leftmost seat is a margin away from the edge'
  )
  t.strictSame(plan.sections, [{ name: 'Centro', left: 0, top: 0, right: 71, bottom: 58, seats: 3 }])
  t.match(plan, { name: 'Sala', width: 180.5, height: 58 })
  t.end()
})

t.test('areas of every shape become absolute shapes of their zone', (t) => {
  const plan = readPlan({
    name: 'Sala',
    size: { width: 500, height: 500 },
    categories: [],
    zones: [
      { name: 'Cancha', position: { x: 0, y: 0 }, rows: [] },
      {
        name: 'Escenario',
        position: { x: 100, y: 100 },
        rows: [],
        areas: [
          {
            position: { x: 1, y: 2 },
            shape: 'rectangle',
            rectangle: { width: 30, height: 40 },
            rotation: 370,
            color: '#abc',
            border_color: 'red'
          },
          { position: { x: 1, y: 2 }, width: 30, height: 40, text: 'Puerta 1' },
          { position: { x: 0, y: 0 }, shape: 'circle', circle: { radius: 5 } },
          { position: { x: 0, y: 0 }, shape: 'ellipse', ellipse: { radius: { x: 5, y: 6 } } },
          {
            position: { x: 10, y: 0 },
            shape: 'polygon',
            polygon: {
              points: [
                { x: 0, y: 0 },
                { x: 5, y: -5 }
              ]
            }
          },
          {
            position: { x: 0, y: 0 },
            shape: 'text',
            text: { text: 'Baño', position: { x: 3, y: 4 }, color: 'rgba(0, 0, 0, 0.5)', size: 12 }
          },
          { position: { x: 0, y: 0 }, shape: 'star' }
        ]
      }
    ]
  })

  const common = { sectionNo: 2, section: 'Escenario' }
  t.strictSame(plan.shapes, [
    { ...common, x: 101, y: 102, shape: 'rectangle', width: 30, height: 40, rotation: 10, color: '#abc', borderColor: 'red' },
    { ...common, x: 101, y: 102, shape: 'rectangle', width: 30, height: 40, text: 'Puerta 1', textX: 101, textY: 102 },
    { ...common, x: 100, y: 100, shape: 'circle', radius: 5 },
    { ...common, x: 100, y: 100, shape: 'ellipse', radiusX: 5, radiusY: 6 },
    {
      ...common,
      x: 110,
      y: 100,
      shape: 'polygon',
      points: [
        [110, 100],
        [115, 95]
      ]
    },
    { ...common, x: 100, y: 100, shape: 'text', text: 'Baño', textX: 103, textY: 104, textColor: 'rgba(0, 0, 0, 0.5)', textSize: 12 }
  ])
  t.strictSame(plan.ignored, ['zones[1].areas[6].shape (not drawn)'])
  t.match(plan.sections[1], { left: 95, top: 94, right: 131, bottom: 142 })
  t.end()
})

t.test('what the reader does not take is named once, with a place where it stands', (t) => {
  const file = givenPlan(3)
  Object.assign(file, { creator: 'x' })
  for (const seat of file.zones[0]!.rows[0]!.seats) Object.assign(seat, { radius: 10, uuid: 'u' })

  t.strictSame(readPlan(file).ignored, ['creator', 'zones[0].rows[0].seats[0].radius', 'zones[0].rows[0].seats[0].uuid'])
  t.end()
})

t.test('a broken plan is refused, with the place and the reason', (t) => {
  for (const { place, value, reason, at = place } of BROKEN) {
    const file = givenPlan(3)
    change(file, place, value)
    t.throws(() => readPlan(file), refused({ at, reason }), `${at}: ${reason}`)
  }
  for (const [value, reason] of [
    [null, 'not-an-object'],
    [[], 'not-an-object'],
    ['x', 'not-an-object'],
    [{}, 'missing']
  ]) {
    t.throws(() => readPlan(value), refused({ reason }))
  }
  t.throws(() => readPlan(givenPlan(100_001)), refused({ at: SEAT, reason: 'too-many', max: 100_000 }))
  t.end()
})

t.test('a file that is no JSON is refused before anything reads it', (t) => {
  const broken = (bytes: string | Buffer, reason: string) =>
    t.throws(
      () => parsePlanFile(Buffer.from(bytes)),
      { code: 'PLAN_NOT_JSON', status: 400, params: { reason } } as unknown as Error,
      reason
    )
  broken('', 'syntax')
  broken('{"name": }', 'syntax')
  broken('name,category\nSala,Platea', 'syntax')
  broken('['.repeat(50_000), 'too-deep')
  broken(`{"name":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'too-deep')
  broken(Buffer.from([0x22, 0xff, 0x22]), 'not-utf-8')

  t.strictSame(parsePlanFile(Buffer.from(`\uFEFF{"name":"${'['.repeat(99)}\\"${'{'.repeat(99)}"}`)).content, {
    name: `${'['.repeat(99)}"${'{'.repeat(99)}`
  })
  t.end()
})

t.test('thirty-two megabytes of brackets are refused in the time of one look', (t) => {
  const bytes = Buffer.alloc(32 * 1024 * 1024, '[')
  const began = performance.now()

  t.throws(() => parsePlanFile(bytes), { code: 'PLAN_NOT_JSON' })

  t.ok(performance.now() - began < 500)
  t.end()
})

function seat(guid: string, position: { x: number; y: number }) {
  return { seat_guid: guid, seat_number: guid.slice(1), position, category: 'Platea' }
}

function refused(params: Record<string, unknown>) {
  return { name: 'Refusal', code: 'PLAN_INVALID', params } as unknown as Error
}
