import { type Curve, cut, outline, type Point } from './curve.ts'
import type { Drawing, Venue } from './plan.ts'
import { numbers, PX_PER_METRE, ring } from './stands.ts'

const CENTRE = { x: 0, y: 0 }
const TRACK: Curve = { centre: CENTRE, across: 86 * PX_PER_METRE, along: 52 * PX_PER_METRE, power: 2.9 }
const LOWER: Curve = { centre: CENTRE, across: 94 * PX_PER_METRE, along: 60 * PX_PER_METRE, power: 2.3 }
const UPPER: Curve = { ...LOWER, across: LOWER.across + 490, along: LOWER.along + 490 }
const SECTORS_PER_SIDE = 9
const CORNER = cut(LOWER, { from: 0, to: 90 }, 2)[0]!.to
const SIDES = [
  { side: 'Sur', from: -CORNER, to: CORNER },
  { side: 'Pacífico', from: CORNER, to: 180 - CORNER },
  { side: 'Norte', from: 180 - CORNER, to: 180 + CORNER },
  { side: 'Andes', from: 180 + CORNER, to: 360 - CORNER }
]

/** An oval of two rings around track and pitch; the Andes are above, the Pacific below, north is left. */
export function stadium(): Venue {
  const lower = tier('Bajo', LOWER, 21)
  return {
    code: 'estadio-nacional-santiago',
    name: 'Estadio Nacional Julio Martínez Prádanos',
    categories: [
      { name: 'Tribuna Presidencial', color: '#86198f' },
      { name: 'Pacífico Bajo', color: '#be123c' },
      { name: 'Pacífico Alto', color: '#c2410c' },
      { name: 'Andes Bajo', color: '#1d4ed8' },
      { name: 'Andes Alto', color: '#0369a1' },
      { name: 'Galería', color: '#15803d' }
    ],
    sections: [...lower, ...tier('Alto', UPPER, 23)],
    drawings: ground(),
    stage: 'Cancha',
    stepFree: lower
  }
}

function tier(level: 'Bajo' | 'Alto', curve: Curve, rows: number) {
  return SIDES.flatMap(({ side, from, to }, i) =>
    ring({
      curve,
      arc: { from, to },
      rows: numbers(rows),
      stands: SECTORS_PER_SIDE,
      of: (n) => sector(side, i * SECTORS_PER_SIDE + n, level)
    })
  )
}

function sector(side: string, n: number, level: 'Bajo' | 'Alto') {
  if (level === 'Bajo' && n >= 13 && n <= 15) return { name: `Tribuna Presidencial ${n}`, category: 'Tribuna Presidencial' }
  const category = side === 'Norte' || side === 'Sur' ? 'Galería' : `${side} ${level}`
  return { name: `${side} ${level} ${n}`, category }
}

/** The floor of the stadium is one zone of the plan, so that a concert can sell standing places on it. */
function ground(): Drawing[] {
  const line = { zone: 'Cancha', color: '#86efac', border: '#f8fafc' }
  const grass = { ...TRACK, across: TRACK.across - 220, along: TRACK.along - 220 }
  return [
    { zone: 'Cancha', points: outline(TRACK, { from: 0, to: 360 }, 121), color: '#e7a58b', border: '#b45309' },
    { zone: 'Cancha', points: outline(grass, { from: 0, to: 360 }, 121), color: '#bbf7d0' },
    { ...line, points: pitch(-52.5, -34, 52.5, 34), text: 'Cancha', textSize: 170, textColor: '#14532d' },
    { ...line, points: pitch(-52.5, -20, -36, 20) },
    { ...line, points: pitch(36, -20, 52.5, 20) }
  ]
}

/** In metres from the centre spot. */
function pitch(left: number, top: number, right: number, bottom: number): Point[] {
  const px = (x: number, y: number) => ({ x: x * PX_PER_METRE, y: y * PX_PER_METRE })
  return [px(left, top), px(right, top), px(right, bottom), px(left, bottom)]
}
