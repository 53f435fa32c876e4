declare module 'fontkit' {
  /** A parsed font; pdfkit takes it as it is, and so parses nothing for each document. */
  export interface Font {
    /** Every glyph that was met so far, as it was first met. */
    _glyphs: Record<number, unknown>
  }
  export function create(bytes: Buffer): Font
}
