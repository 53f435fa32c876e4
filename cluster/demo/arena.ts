import { type Curve, outline, type Point } from './curve.ts'
import type { Venue } from './plan.ts'
import { letters, PX_PER_METRE, ring } from './stands.ts'

const FLOOR: Curve = { centre: { x: 0, y: 0 }, across: 21 * PX_PER_METRE, along: 34 * PX_PER_METRE, power: 3 }
const BOWL: Curve = { ...FLOOR, across: FLOOR.across + 60, along: FLOOR.along + 60 }
const UPPER: Curve = { ...BOWL, across: BOWL.across + 350, along: BOWL.along + 350 }

/** A bowl open towards the stage, with a standing floor in two parts. */
export function arena(): Venue {
  const lower = ring({
    curve: BOWL,
    arc: { from: -52, to: 232 },
    rows: letters(14),
    stands: 17,
    of: (n) => ({ name: `Platea Baja ${100 + n}`, category: n >= 7 && n <= 11 ? 'Platea Baja Frontal' : 'Platea Baja' })
  })
  return {
    code: 'movistar-arena-santiago',
    name: 'Movistar Arena, Santiago',
    categories: [
      { name: 'Platea Baja', color: '#7c3aed' },
      { name: 'Platea Baja Frontal', color: '#be185d' },
      { name: 'Platea Alta', color: '#0369a1' },
      { name: 'Tribuna', color: '#0f766e' }
    ],
    sections: [
      ...lower,
      ...ring({
        curve: UPPER,
        arc: { from: -48, to: 228 },
        rows: letters(15),
        stands: 21,
        of: (n) => ({
          name: n <= 4 || n >= 18 ? `Tribuna ${200 + n}` : `Platea Alta ${200 + n}`,
          category: n <= 4 || n >= 18 ? 'Tribuna' : 'Platea Alta'
        })
      })
    ],
    drawings: [
      { zone: 'Escenario', points: box(-460, -900, 460, -640), color: '#e2e8f0', border: '#94a3b8', text: 'Escenario', textSize: 90 },
      { zone: 'Escenario', points: box(-60, -640, 60, -440), color: '#e2e8f0', border: '#94a3b8' },
      {
        zone: 'Cancha VIP',
        points: floor(-600, -150),
        color: '#fde68a',
        border: '#b45309',
        text: 'Cancha VIP',
        textSize: 80,
        textAt: { x: 0, y: -260 }
      },
      { zone: 'Cancha General', points: floor(-110, 816), color: '#d9f99d', border: '#4d7c0f', text: 'Cancha General', textSize: 80 }
    ],
    stage: 'Escenario',
    stepFree: lower
  }
}

/** The part of the floor between two heights, with the runway of the stage left out. */
function floor(top: number, bottom: number): Point[] {
  const edge = outline(FLOOR, { from: -90, to: 270 }, 181).filter(({ y }) => y >= top && y <= bottom)
  const runway =
    top < -440
      ? [
          { x: -90, y: top },
          { x: -90, y: -410 },
          { x: 90, y: -410 },
          { x: 90, y: top }
        ]
      : []
  return [...runway, ...edge.filter(({ x }) => x > 0), ...edge.filter(({ x }) => x <= 0)]
}

function box(left: number, top: number, right: number, bottom: number): Point[] {
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom }
  ]
}
