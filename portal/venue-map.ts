import type { Section, Show, Zone } from './catalogue.ts'
import {
  type Box,
  boxAround,
  boxCorners,
  colorOf,
  type Drawing,
  fontFitting,
  inkOn,
  type Point,
  polygonOf,
  round,
  type Shape,
  shapeOf
} from './drawing.ts'
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
  /** A seam around an outline that runs through the middles of seats, in the plan's pixels. */
  seamPx: number
  label: string
  x: number
  y: number
  fontPx: number
  soldOut: boolean
}

const MARGIN_PX = 24
const SEAT_PX = 12
const SOLD_OUT = '#d5d9e0'
/** Letters smaller than this share of the map's width are not read: a shorter name takes their place. */
const LEGIBLE_SHARE = 0.011
const LARGEST_SHARE = 0.024

/**
 * @param outlines - Around the seats of a section, for sections whose plan draws none.
 */
export function venueMapView(words: Words, show: Show, outlines: Map<number, Point[]>): VenueMapView {
  const drawn = Map.groupBy(show.shapes, ({ section }) => section ?? '')
  const seated = show.sections.map((section) => areaOf(drawn.get(section.name), outlines.get(section.sectionNo) ?? boxPoints(section)))
  const names = new Set(show.sections.map(({ name }) => name))
  const zones = new Set(show.zones.map(({ name }) => name))
  const scenery = show.shapes
    .filter(({ section }) => !names.has(section ?? ''))
    .map((drawing) => ({ ...shapeOf(drawing), ...(zones.has(drawing.section ?? '') ? { text: '' } : {}) }))
  const box = boxAround([...scenery, ...seated].flatMap((area) => boxCorners(area.box)))
  const widthPx = box.right - box.left
  return {
    viewBox: [box.left - MARGIN_PX, box.top - MARGIN_PX, widthPx + 2 * MARGIN_PX, box.bottom - box.top + 2 * MARGIN_PX]
      .map(round)
      .join(' '),
    label: words.show.mapLabel(show.venue),
    scenery,
    places: [
      ...show.zones.flatMap((zone) => zonePlace(words, zone, drawn.get(zone.name), widthPx)),
      ...show.sections.map((section, i) => sectionPlace(words, show.code, section, seated[i]!, widthPx))
    ]
  }
}

interface Area {
  path: string
  box: Box
  seamPx: number
}

/** As the plan draws it, else the outline that is given. */
function areaOf(drawn: Drawing[] | undefined, outline: Point[]): Area {
  const shapes = (drawn ?? []).map(shapeOf).filter(({ path }) => path !== '')
  if (shapes.length === 0) return { path: polygonOf(outline), box: boxAround(outline), seamPx: SEAT_PX * 2 }
  return { path: shapes.map(({ path }) => path).join(''), box: boxAround(shapes.flatMap(({ box }) => boxCorners(box))), seamPx: 0 }
}

function boxPoints({ left, top, right, bottom }: Section): Point[] {
  return boxCorners({ left, top, right, bottom })
}

function sectionPlace(words: Words, showCode: string, section: Section, area: Area, mapPx: number): PlaceView {
  const { sectionNo, name, free, priceFromClp, priceToClp } = section
  const fill = free === 0 ? SOLD_OUT : colorOf(section.color)
  const label = labelOf(name, area.box, mapPx)
  return {
    id: `sector-${sectionNo}`,
    href: `/funciones/${showCode}/sectores/${sectionNo}`,
    title: `${name}: ${words.priceRange(priceFromClp, priceToClp)}, ${words.freeOf(free)}`,
    fill,
    ink: inkOn(fill),
    label,
    ...middleOf(area.box),
    fontPx: fontOf(label, area.box, mapPx),
    path: area.path,
    seamPx: area.seamPx,
    soldOut: free === 0
  }
}

/** A zone keeps the colours of its drawing, which is part of the scenery: its place lies over it. */
function zonePlace(words: Words, zone: Zone, drawn: Drawing[] | undefined, mapPx: number): PlaceView[] {
  if (!drawn) return []
  const area = areaOf(drawn, [])
  return [
    {
      id: `zona-${zone.zoneNo}`,
      href: '#entradas-zonas',
      title: `${zone.name}: ${words.money(zone.priceClp)}, ${words.freeOf(zone.free)}`,
      fill: zone.free === 0 ? SOLD_OUT : 'none',
      ink: '#14181f',
      label: zone.name,
      ...middleOf(area.box),
      fontPx: fontOf(zone.name, area.box, mapPx),
      path: area.path,
      seamPx: 0,
      soldOut: zone.free === 0
    }
  ]
}

/** The name where it can be read, else its number («Pacífico Bajo 12» is 12 on a small map), else nothing. */
function labelOf(name: string, box: Box, mapPx: number): string {
  const number = / (\w{1,4})$/.exec(name)?.[1] ?? ''
  return [name, number].find((text) => text !== '' && fontFitting(text, box, 0.4) >= mapPx * LEGIBLE_SHARE) ?? ''
}

function fontOf(label: string, box: Box, mapPx: number): number {
  return round(Math.min(fontFitting(label, box, 0.4), mapPx * LARGEST_SHARE))
}

function middleOf({ left, top, right, bottom }: Box): Point {
  return { x: round((left + right) / 2), y: round((top + bottom) / 2) }
}
