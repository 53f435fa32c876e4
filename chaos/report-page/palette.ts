/** Colours by what they mean. Blue, grey and vermilion are told apart by everybody; no sign is known by its colour alone. */
export interface Palette {
  ground: string
  ink: string
  soft: string
  line: string
  faint: string
  ok: string
  refused: string
  unknown: string
  fault: string
  healing: string
  faultInk: string
  waits: readonly [string, string, string, string]
  keptGround: string
  keptInk: string
  brokenGround: string
  brokenInk: string
  badInk: string
}

export const LIGHT: Palette = {
  ground: '#ffffff',
  ink: '#16191d',
  soft: '#5a626c',
  line: '#e3e6ea',
  faint: '#f5f6f8',
  ok: '#1f6fb4',
  refused: '#99a2ad',
  unknown: '#cf4a0a',
  fault: '#fae3bd',
  healing: '#fdf4e3',
  faultInk: '#7a4b00',
  waits: ['#0b3c66', '#1f6fb4', '#7fb2dd', '#c9def0'],
  keptGround: '#e2f3ec',
  keptInk: '#07553a',
  brokenGround: '#a92508',
  brokenInk: '#ffffff',
  badInk: '#a92508'
}

export const DARK: Palette = {
  ground: '#13161a',
  ink: '#e9ebee',
  soft: '#a2abb6',
  line: '#2b3138',
  faint: '#1b1f25',
  ok: '#5dabea',
  refused: '#77818d',
  unknown: '#ff8b52',
  fault: '#4a3918',
  healing: '#292416',
  faultInk: '#f0c276',
  waits: ['#d3e7f8', '#5dabea', '#2f6ea6', '#234763'],
  keptGround: '#0f3428',
  keptInk: '#86e3bc',
  brokenGround: '#a92508',
  brokenInk: '#ffffff',
  badInk: '#ff9d80'
}
