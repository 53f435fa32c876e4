/** What a page says while it is open and seats come and go. */
export const LIVE_ES = {
  live: {
    gone: (seats: string, count: number) =>
      count === 1
        ? `Acaba de ocuparse: ${seats}. Desmarca ese asiento y elige otro.`
        : `Acaban de ocuparse: ${seats}. Desmarca esos asientos y elige otros.`,
    back: (count: number) => (count === 1 ? 'Se liberó 1 asiento en este sector.' : `Se liberaron ${count} asientos en este sector.`),
    show: 'Mostrar en el plano'
  }
}
