import t from 'tap'
import { givenEvidence } from './given-evidence.ts'
import { indexPage } from './index-page.ts'
import { DARK, LIGHT, type Palette } from './palette.ts'
import { reportPage } from './report-page.ts'

/** WCAG 2.2, success criteria 1.4.3 and 1.4.11. */
const TEXT_CONTRAST_MIN = 4.5
const SIGN_CONTRAST_MIN = 2.5
const CHANNELS = [0.2126, 0.7152, 0.0722]
const VOID = new Set(['meta', 'br'])

const pages = {
  'a short series': reportPage(givenEvidence({ runs: 3 }), { gapMsMax: 5_000 }),
  'a long series': reportPage(givenEvidence({ runs: 120 })),
  'all scenarios': indexPage([{ result: givenEvidence({ runs: 3 }).result, href: 'one.html' }])
}

for (const [name, page] of Object.entries(pages)) {
  t.test(`${name}: every picture has a name, and says what is to be seen`, async (t) => {
    const pictures = page.match(/<svg[^>]*role="img"[^>]*>\s*<title[^>]*>[^<]+<\/title>/g) ?? []
    const names = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    const wanted = [...page.matchAll(/aria-labelledby="([^"]+)"/g)].flatMap(([, ids]) => ids!.split(' '))

    t.equal(pictures.length, page.match(/<svg[^>]*role="img"/g)?.length)
    t.equal(new Set(names).size, names.length, 'no two things have one name')
    t.strictSame(
      wanted.filter((id) => !names.includes(id)),
      []
    )
  })

  t.test(`${name}: every table has a caption, and every head says what it is the head of`, async (t) => {
    const tables = page.match(/<table.*?<\/table>/gs) ?? []

    t.ok(tables.length > 0)
    for (const table of tables) t.match(table, /<caption>.+<\/caption>/s)
    t.notMatch(page, /<th(?![^>]*scope=)[^>e]*>/)
  })

  t.test(`${name}: whatever is opened is closed, in order`, async (t) => {
    const open: string[] = []
    for (const [, end, tag, itself] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/g)) {
      if (end) t.equal(open.pop(), tag)
      else if (!itself && !VOID.has(tag!)) open.push(tag!)
    }
    t.strictSame(open, [])
    t.match(page, '<html lang="en">')
  })
}

for (const [name, palette] of Object.entries({ light: LIGHT, dark: DARK })) {
  t.test(`${name}: words are read and signs are seen on their ground`, async (t) => {
    const words: Array<[string, keyof Palette, keyof Palette]> = [
      ['words', 'ink', 'ground'],
      ['softer words', 'soft', 'ground'],
      ['softer words on faint ground', 'soft', 'faint'],
      ['links', 'ok', 'ground'],
      ['bad words', 'badInk', 'ground'],
      ['names of faults', 'faultInk', 'ground'],
      ['kept', 'keptInk', 'keptGround'],
      ['kept in the table', 'keptInk', 'ground'],
      ['broken', 'brokenInk', 'brokenGround']
    ]
    for (const [what, ink, ground] of words)
      t.ok(
        contrast(palette[ink] as string, palette[ground] as string) >= TEXT_CONTRAST_MIN,
        `${what}: ${contrast(palette[ink] as string, palette[ground] as string)}`
      )
    for (const sign of ['ok', 'refused', 'unknown'] as const)
      t.ok(contrast(palette[sign], palette.ground) >= SIGN_CONTRAST_MIN, `${sign}: ${contrast(palette[sign], palette.ground)}`)
  })
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return Math.round(((light! + 0.05) / (dark! + 0.05)) * 10) / 10
}

function luminance(colour: string): number {
  return CHANNELS.reduce((sum, weight, i) => {
    const value = Number.parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16) / 255
    return sum + weight * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
  }, 0)
}
