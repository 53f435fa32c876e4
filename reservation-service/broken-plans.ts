/** For tests: every way in which a plan is known to be broken. */
export const SEAT = 'zones[0].rows[0].seats'
const AT_ORIGIN = { position: { x: 0, y: 0 } }

/** Where a good plan is changed, into what (`undefined`: gone), and what is said about it; the place said is `at`, or the place changed. */
export const BROKEN: Array<{ place: string; value?: unknown; reason: string; at?: string }> = [
  { place: 'name', reason: 'missing' },
  { place: 'name', value: 7, reason: 'not-a-text' },
  { place: 'name', value: '  ', reason: 'empty' },
  { place: 'name', value: 'x'.repeat(81), reason: 'too-long' },
  { place: 'name', value: '<script>alert(1)</script>', reason: 'markup' },
  { place: 'name', value: 'Sa\0la', reason: 'control-character' },
  { place: 'name', value: 'Sa\ud800la', reason: 'control-character' },
  { place: 'categories', reason: 'missing' },
  { place: 'categories', value: {}, reason: 'not-a-list' },
  { place: 'categories', value: new Array(101).fill({}), reason: 'too-many' },
  { place: 'categories[0]', value: 'Platea', reason: 'not-an-object' },
  { place: 'categories[0].name', value: '<b>', reason: 'markup' },
  { place: 'categories[0].color', value: 'url(//x)', reason: 'not-a-color' },
  { place: 'categories[1]', value: { name: 'Platea' }, reason: 'twice', at: 'categories[1].name' },
  { place: 'size', value: { width: 0, height: 1 }, reason: 'out-of-range', at: 'size.width' },
  { place: 'size', value: { width: 1 }, reason: 'missing', at: 'size.height' },
  { place: 'zones', reason: 'missing' },
  { place: 'zones', value: new Array(501).fill({}), reason: 'too-many' },
  { place: 'zones[0].position', reason: 'missing' },
  { place: 'zones[0].position.x', value: '1', reason: 'not-a-number' },
  { place: 'zones[0].position.y', value: Number.POSITIVE_INFINITY, reason: 'out-of-range' },
  { place: 'zones[0].position.y', value: -1_000_001, reason: 'out-of-range' },
  { place: 'zones[0].name', value: 'Sur <img src=x>', reason: 'markup' },
  { place: 'zones[0].rows', reason: 'missing' },
  { place: 'zones[0].rows', value: new Array(2_001).fill({}), reason: 'too-many' },
  { place: 'zones[0].rows[0].row_number', reason: 'missing' },
  { place: 'zones[0].rows[0].row_number', value: 1, reason: 'not-a-text' },
  { place: SEAT, value: 'x', reason: 'not-a-list' },
  { place: `${SEAT}[1].seat_guid`, value: 'A-1', reason: 'twice' },
  { place: `${SEAT}[2].seat_guid`, reason: 'missing' },
  { place: `${SEAT}[2].seat_number`, value: 3, reason: 'not-a-text' },
  { place: `${SEAT}[2].seat_number`, value: '1'.repeat(21), reason: 'too-long' },
  { place: `${SEAT}[2].category`, value: 'Palco', reason: 'unknown-category' },
  { place: `${SEAT}[2].category`, value: '__proto__', reason: 'unknown-category' },
  { place: `${SEAT}[2].position`, value: [1, 2], reason: 'not-an-object' },
  { place: 'zones[0].areas', value: [{ shape: 'text' }], reason: 'missing', at: 'zones[0].areas[0].position' },
  { place: 'zones[0].areas', value: [{ ...AT_ORIGIN, shape: 1 }], reason: 'not-a-text', at: 'zones[0].areas[0].shape' },
  { place: 'zones[0].areas', value: [{ ...AT_ORIGIN, shape: 'circle' }], reason: 'missing', at: 'zones[0].areas[0].circle' },
  { place: 'zones[0].areas', value: [{ ...AT_ORIGIN, text: '<svg/onload=x>' }], reason: 'markup', at: 'zones[0].areas[0].text' },
  { place: 'zones[0].areas', value: new Array(5_001).fill({}), reason: 'too-many' }
]

/** Changes what stands at a place written as the reader writes it. */
export function change(file: unknown, place: string, value: unknown): void {
  const keys = place.split(/[.[\]]+/).filter((key) => key !== '')
  const last = keys.pop()!
  const parent = keys.reduce((inner, key) => (inner as Record<string, unknown>)[key], file) as Record<string, unknown>
  if (value === undefined) Reflect.deleteProperty(parent, last)
  else parent[last] = value
}
