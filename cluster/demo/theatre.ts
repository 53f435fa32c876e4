import type { Curve } from './curve.ts'
import type { Venue } from './plan.ts'
import { boxes, letters, stand } from './stands.ts'

const HORSESHOE: Curve = { centre: { x: 0, y: 240 }, across: 335, along: 375, power: 2.6 }

/** Stalls in two parts, a horseshoe of boxes around them, two balconies above, as on the theatre's own plan. */
export function theatre(): Venue {
  const stalls = [
    stand({
      name: 'Platea Baja',
      category: 'Platea Baja',
      curve: { centre: { x: 0, y: -260 }, across: 360, along: 360, power: 2 },
      arc: { from: 60, to: 120 },
      rows: letters(10),
      numbers: 'odd-even'
    }),
    stand({
      name: 'Platea Alta',
      category: 'Platea Alta',
      curve: { centre: { x: 0, y: -260 }, across: 600, along: 600, power: 2 },
      arc: { from: 69, to: 111 },
      rows: letters(8, 10),
      numbers: 'odd-even'
    })
  ]
  return {
    code: 'teatro-municipal-santiago',
    name: 'Teatro Municipal de Santiago',
    categories: [
      { name: 'Platea Baja', color: '#9f1239' },
      { name: 'Platea Alta', color: '#be5a38' },
      { name: 'Palcos', color: '#a16207' },
      { name: 'Balcón', color: '#0f766e' },
      { name: 'Galería', color: '#1d4ed8' }
    ],
    sections: [
      ...stalls,
      boxes({ name: 'Palcos izquierda', category: 'Palcos', curve: HORSESHOE, arc: { from: 125, to: 196 } }, 1, 9),
      boxes({ name: 'Palcos centro', category: 'Palcos', curve: HORSESHOE, arc: { from: 55, to: 125 } }, 10, 7),
      boxes({ name: 'Palcos derecha', category: 'Palcos', curve: HORSESHOE, arc: { from: -16, to: 55 } }, 17, 9),
      ...balcony('Balcón', 'Balcón', 70, 3, -8),
      ...balcony('Galería', 'Galería', 160, 3, 0)
    ],
    drawings: [
      {
        zone: 'Escenario',
        points: [
          { x: -240, y: -90 },
          { x: 240, y: -90 },
          { x: 205, y: 20 },
          { x: 110, y: 50 },
          { x: 0, y: 58 },
          { x: -110, y: 50 },
          { x: -205, y: 20 }
        ],
        color: '#e2e8f0',
        border: '#94a3b8',
        text: 'Escenario',
        textSize: 34
      }
    ],
    stage: 'Escenario',
    stepFree: stalls
  }
}

/** A balcony follows the horseshoe `behind` pixels further out and has a left, a middle and a right part. */
function balcony(name: string, category: string, behind: number, rows: number, from: number) {
  const curve = { ...HORSESHOE, across: HORSESHOE.across + behind, along: HORSESHOE.along + behind }
  const parts = [
    { side: 'derecha', arc: { from, to: 50 } },
    { side: 'centro', arc: { from: 50, to: 130 } },
    { side: 'izquierda', arc: { from: 130, to: 180 - from } }
  ]
  return parts.map(({ side, arc }) =>
    stand({
      name: `${name} ${side}`,
      category,
      curve,
      arc,
      rows: letters(rows),
      numbers: side === 'centro' ? 'odd-even' : 'left-to-right'
    })
  )
}
