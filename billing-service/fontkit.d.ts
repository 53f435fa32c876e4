declare module 'fontkit' {
  /** A parsed font; pdfkit takes it as it is, and so parses nothing for each document. */
  export interface Font {
    readonly postscriptName: string
  }
  export function create(bytes: Buffer): Font
}
