import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { create, type Font } from 'fontkit'
import PDFDocument from 'pdfkit'

type Weight = 'regular' | 'medium' | 'semibold' | 'bold' | 'extrabold'
export type Fonts = Record<Weight, Font>
type Element = PDFKit.PDFStructureElement

export const PAGE = { width: 595.28, height: 841.89, margin: 48 }
export const INK = { text: '#111827', quiet: '#4b5563', line: '#9ca3af', hair: '#d1d5db', brand: '#312e81' }

/** Parsed once per thread: that is most of the cost of a page. */
export function readFonts(): Fonts {
  const require = createRequire(import.meta.url)
  const font = (name: string) => create(readFileSync(require.resolve(`@expo-google-fonts/inter/${name}/Inter_${name}.ttf`)))
  return {
    regular: font('400Regular'),
    medium: font('500Medium'),
    semibold: font('600SemiBold'),
    bold: font('700Bold'),
    extrabold: font('800ExtraBold')
  }
}

/**
 * A font keeps each glyph as it first met it. Met as a part of another (the N of
 * an Ñ) it is no letter in any later document: drawn, and lost to whoever copies
 * or listens. So no document sees what another one left.
 */
function forget(fonts: Fonts): void {
  for (const font of Object.values(fonts)) font._glyphs = {}
}

export interface Style {
  weight?: Weight
  size: number
  color?: string
  width: number
  align?: 'left' | 'right' | 'center'
  /** What does not fit on so many lines is made smaller, down to `sizeMin`, and then cut with an ellipsis. */
  lines?: number
  sizeMin?: number
  tag?: 'P' | 'H1' | 'H2' | 'Span' | 'TH' | 'TD'
  features?: PDFKit.Mixins.OpenTypeFeatures[]
  lineGap?: number
  spacing?: number
  link?: string
}

export interface Paper {
  doc: PDFKit.PDFDocument
  /** Writes text whose top left is at `x`, `y`. @returns Where it ends. */
  write: (text: string, x: number, y: number, style: Style) => number
  /** What is drawn in here is decoration: a reader passes over it. */
  decorate: (draw: (doc: PDFKit.PDFDocument) => void) => void
  /** What is drawn in here is a picture, said as `alt`. */
  picture: (alt: string, draw: (doc: PDFKit.PDFDocument) => void) => void
  /** Everything written in here belongs together: a page, a table, a row. */
  group: (type: 'Sect' | 'Table' | 'TR', write: () => void) => void
  addPage: () => void
  bytes: () => Promise<Buffer>
}

/**
 * A tagged A4 document with its fonts inside. The same input gives the same
 * bytes, for ever: nothing in it comes from the clock or from chance.
 *
 * @param madeAt - What the document says of its age.
 */
export function openPaper(fonts: Fonts, title: string, madeAt: Date): Paper {
  forget(fonts)
  const doc = new PDFDocument({
    size: [PAGE.width, PAGE.height],
    margin: 0,
    autoFirstPage: false,
    pdfVersion: '1.7',
    subset: 'PDF/UA' as 'PDF/A-1', // the types know only the archive's subsets
    tagged: true,
    lang: 'es-CL',
    displayTitle: true,
    font: null as unknown as string, // the standard fonts stay out: every font is embedded
    info: { Title: title, Author: 'TicketFlow', Creator: 'TicketFlow', Producer: 'TicketFlow', CreationDate: madeAt, ModDate: madeAt }
  })
  const chunks: Buffer[] = []
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  const done = new Promise<void>((resolve, reject) => doc.on('end', resolve).on('error', reject))
  const root = doc.struct('Document')
  doc.addStructure(root)
  let parent: Element = root

  return { doc, write, decorate, picture, group, addPage: () => void doc.addPage(), bytes }

  function write(text: string, x: number, y: number, style: Style): number {
    const { width, align = 'left', lines = 1, features, lineGap = 0, spacing = 0, tag = 'P' } = style
    const clean = text
      .toWellFormed()
      .replaceAll(/[\s\p{Cc}]+/gu, ' ')
      .trim()
    const shape = { width, align, lineGap, characterSpacing: spacing, ...(features ? { features } : {}) }
    doc.font(fonts[style.weight ?? 'regular'] as unknown as string, style.size).fillColor(style.color ?? INK.text)
    const height = fit(clean, shape, style.size, style.sizeMin ?? style.size, lines)
    const link = style.link ? { link: style.link } : {}
    doc.text(clean, x, y, { ...shape, ...link, height, ellipsis: '…', structParent: parent, structType: tag })
    return y + Math.min(height, doc.heightOfString(clean, shape))
  }

  /** Leaves the document at the largest size at which the text fits. @returns The height of its lines at that size. */
  function fit(text: string, shape: PDFKit.Mixins.TextOptions, size: number, sizeMin: number, lines: number): number {
    for (let now = size; ; now -= 0.5) {
      doc.fontSize(now)
      const height = lines * (doc.currentLineHeight(true) + Math.max(0, shape.lineGap ?? 0)) + 0.5
      const longest = Math.max(...text.split(' ').map((word) => doc.widthOfString(word, shape)))
      if (now - 0.5 < sizeMin || (doc.heightOfString(text, shape) <= height && longest <= (shape.width ?? 0))) return height
    }
  }

  function decorate(draw: (doc: PDFKit.PDFDocument) => void): void {
    doc.markContent('Artifact', { type: 'Layout' })
    doc.save()
    draw(doc)
    doc.restore()
    doc.endMarkedContent()
  }

  function picture(alt: string, draw: (doc: PDFKit.PDFDocument) => void): void {
    const content = doc.markStructureContent('Figure')
    doc.save()
    draw(doc)
    doc.restore()
    doc.endMarkedContent()
    parent.add(doc.struct('Figure', { alt }, [content]))
  }

  function group(type: string, write: () => void): void {
    const outer = parent
    parent = doc.struct(type)
    outer.add(parent)
    write()
    parent.end()
    parent = outer
  }

  async function bytes(): Promise<Buffer> {
    root.end()
    doc.end()
    await done
    return Buffer.concat(chunks)
  }
}
