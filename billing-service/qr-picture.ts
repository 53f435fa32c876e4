import encodeQR from 'qr'

/**
 * Draws a QR as vectors: neighbours in a row are one rectangle, so no hairlines show between them.
 *
 * @param side - Of the symbol itself, in points. Around it the caller leaves four modules empty (ISO/IEC 18004).
 */
export function drawQr(doc: PDFKit.PDFDocument, text: string, x: number, y: number, side: number): void {
  const modules = encodeQR(text, 'raw', { ecc: 'medium', border: 1 }).slice(1, -1)
  const unit = side / modules.length
  for (const [row, bordered] of modules.entries()) {
    const cells = bordered.slice(1, -1)
    for (let start = cells.indexOf(true); start !== -1; ) {
      const next = cells.indexOf(false, start)
      const end = next === -1 ? cells.length : next
      doc.rect(x + start * unit, y + row * unit, (end - start) * unit, unit * 1.02)
      start = cells.indexOf(true, end)
    }
  }
  doc.fill('#000000')
}
