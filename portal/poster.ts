/** A quiet picture for a show without one: always the same for the same show. */
export interface PosterView {
  background: string
  shapes: Array<{ x: number; y: number; radius: number; fill: string; opacity: number }>
}

/** Ground, and two colours that sit well on it. */
const PALETTES = [
  ['#17324d', '#e8a87c', '#41b3a3'],
  ['#3b2a4a', '#e27d60', '#85b8cb'],
  ['#1f4037', '#f2c57c', '#7fb685'],
  ['#4a1d2f', '#f4b393', '#b56576'],
  ['#233142', '#facf5a', '#ff8a5c'],
  ['#2d3561', '#f3a5b1', '#7ea6e0'],
  ['#0f3b46', '#f7d488', '#5fb49c'],
  ['#43302e', '#f0b67f', '#c97b63']
] as const
const CIRCLES = 5

export function posterView(code: string): PosterView {
  const next = numbersFrom(code)
  const [background, ...colors] = PALETTES[Math.floor(next() * PALETTES.length)]!
  const shapes = Array.from({ length: CIRCLES }, (_, i) => ({
    x: Math.round(next() * 320),
    y: Math.round(20 + next() * 120),
    radius: Math.round(24 + next() * 70),
    fill: colors[i % colors.length]!,
    opacity: Math.round((0.35 + next() * 0.5) * 100) / 100
  }))
  return { background, shapes }
}

/** A row of numbers from 0 to 1 that depends on the text alone (FNV-1a, then xorshift). */
function numbersFrom(text: string): () => number {
  let state = 2_166_136_261
  for (const letter of text) state = Math.imul(state ^ letter.codePointAt(0)!, 16_777_619)
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
