const CLP = new Intl.NumberFormat('es-CL', { style: 'currency', currency: 'CLP' })

/** «$45.000» */
export function pesos(clp: number): string {
  return CLP.format(clp).replaceAll(/\s/g, '')
}

/** «76.554.369-K» */
export function rutWithPoints(rut: string): string {
  const [body = '', verifier = ''] = rut.split('-')
  return `${body.replaceAll(/\B(?=(\d{3})+$)/g, '.')}-${verifier}`
}
