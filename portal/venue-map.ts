import type { Section, Show, Zone } from './catalogue.ts'
import {
  type Box,
  boxAround,
  boxCorners,
  colorOf,
  type Drawing,
  inkOn,
  outlineOf,
  type Point,
  polygonOf,
  round,
  type Shape,
  shapeOf
} from './drawing.ts'
import { type Label, labelsOf } from './map-labels.ts'
import type { Words } from './words.ts'

/** The venue from above: what can be chosen is a link, the rest is scenery. */
export interface VenueMapView {
  viewBox: string
  label: string
  scenery: Shape[]
  places: PlaceView[]
}

interface PlaceView {
  id: string
  href: string
  /** What a screen reader says and a pointer shows: name, price, how many are free. */
  title: string
  path: string
  fill: string
  ink: string
  /** The line around it: a gap between neighbours, or a seam where the outline runs through the middles of seats. */
  stroke: string
  strokePx: number
  label: Label | undefined
  soldOut: boolean
}

interface Area {
  path: string
  outline: Point[]
  seamPx: number
}

/** What a map looks like, whoever reads it. */
interface Ground {
  box: Box
  scenery: Shape[]
  sections: Array<{ area: Area; label: Label | undefined }>
  zones: Array<{ area: Area; label: Label | undefined } | undefined>
}

const MARGIN_PX = 24
const SEAT_PX = 12
const GAP_SHARE = 0.0022 // of the map's width
const SOLD_OUT = '#d5d9e0'

const grounds = new WeakMap<Show, Ground>()

/**
 * @param outlines - Around the seats of a section, for sections whose plan draws none.
 */
export function venueMapView(words: Words, show: Show, outlines: Map<number, Point[]>): VenueMapView {
  const ground = grounds.get(show) ?? groundOf(show, outlines)
  grounds.set(show, ground)
  const { left, top, right, bottom } = ground.box
  const gapPx = round((right - left) * GAP_SHARE)
  return {
    viewBox: [left - MARGIN_PX, top - MARGIN_PX, right - left + 2 * MARGIN_PX, bottom - top + 2 * MARGIN_PX].map(round).join(' '),
    label: words.show.mapLabel(show.venue),
    scenery: ground.scenery,
    places: [
      ...show.zones.flatMap((zone, i) => (ground.zones[i] ? [zonePlace(words, zone, ground.zones[i])] : [])),
      ...show.sections.map((section, i) => sectionPlace(words, show.code, section, ground.sections[i]!, gapPx))
    ]
  }
}

function groundOf(show: Show, outlines: Map<number, Point[]>): Ground {
  const drawn = Map.groupBy(show.shapes, ({ section }) => section ?? '')
  const seated = show.sections.map(({ name, sectionNo, ...box }) =>
    areaOf(drawn.get(name) ?? [], outlines.get(sectionNo) ?? boxCorners(box))
  )
  const standing = show.zones.map(({ name }) => (drawn.has(name) ? areaOf(drawn.get(name)!, []) : undefined))
  const names = new Set(show.sections.map(({ name }) => name))
  const zones = new Set(show.zones.map(({ name }) => name))
  const scenery = show.shapes
    .filter(({ section }) => !names.has(section ?? ''))
    .map((drawing) => ({ ...shapeOf(drawing), ...(zones.has(drawing.section ?? '') ? { text: '' } : {}) }))
  const box = boxAround([...scenery.flatMap((shape) => boxCorners(shape.box)), ...seated.flatMap(({ outline }) => outline)])
  const mapPx = box.right - box.left
  const labels = labelsOf(named(show.sections, seated), mapPx)
  return {
    box,
    scenery,
    sections: seated.map((area, i) => ({ area, label: labels[i] })),
    zones: standing.map((area, i) => area && { area, label: labelsOf([{ name: show.zones[i]!.name, outline: area.outline }], mapPx)[0] })
  }
}

function named(sections: Section[], areas: Area[]) {
  return sections.map(({ name }, i) => ({ name, outline: areas[i]!.outline }))
}

/** As the plan draws it, else the outline that is given. Names go into the first of several drawings. */
function areaOf(drawn: Drawing[], outline: Point[]): Area {
  const shapes = drawn.filter(({ shape }) => shape !== 'text')
  if (shapes.length === 0) return { path: polygonOf(outline), outline, seamPx: SEAT_PX * 2 }
  return { path: shapes.map((drawing) => shapeOf(drawing).path).join(''), outline: outlineOf(shapes[0]!), seamPx: 0 }
}

function sectionPlace(
  words: Words,
  showCode: string,
  section: Section,
  { area, label }: Ground['sections'][number],
  gapPx: number
): PlaceView {
  const { sectionNo, name, free, priceFromClp, priceToClp } = section
  const fill = free === 0 ? SOLD_OUT : colorOf(section.color)
  return {
    id: `sector-${sectionNo}`,
    href: `/funciones/${showCode}/sectores/${sectionNo}`,
    title: `${name}: ${words.priceRange(priceFromClp, priceToClp)}, ${words.freeOf(free)}`,
    path: area.path,
    fill,
    ink: inkOn(fill),
    stroke: area.seamPx > 0 ? fill : '#ffffff',
    strokePx: area.seamPx || gapPx,
    label,
    soldOut: free === 0
  }
}

/** A zone keeps the colours of its drawing, which is part of the scenery: its place lies over it. */
function zonePlace(words: Words, zone: Zone, { area, label }: Ground['sections'][number]): PlaceView {
  const soldOut = zone.free === 0
  return {
    id: `zona-${zone.zoneNo}`,
    href: '#entradas-zonas',
    title: `${zone.name}: ${words.money(zone.priceClp)}, ${words.freeOf(zone.free)}`,
    path: area.path,
    fill: soldOut ? SOLD_OUT : 'none',
    ink: '#14181f',
    stroke: 'none',
    strokePx: 0,
    label,
    soldOut
  }
}
