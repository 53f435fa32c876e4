/** How a moment reads at the place where it happens. */
export interface MomentWords {
  date: string
  time: string
}

/** «Sábado 19 de diciembre de 2026», «20:30 h». */
export function momentInSpanish(instant: string | Date, timeZone: string): MomentWords {
  const parts = partsOf('es-CL', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }, instant, timeZone)
  const date = `${parts.weekday} ${parts.day} de ${parts.month} de ${parts.year}`
  return { date: date.charAt(0).toUpperCase() + date.slice(1), time: `${clock(instant, timeZone)} h` }
}

/** "Saturday 19 December 2026", "8:30 pm". */
export function momentInEnglish(instant: string | Date, timeZone: string): MomentWords {
  const parts = partsOf('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }, instant, timeZone)
  const time = partsOf('en-US', { hour: 'numeric', minute: '2-digit', hour12: true }, instant, timeZone)
  return {
    date: `${parts.weekday} ${parts.day} ${parts.month} ${parts.year}`,
    time: `${time.hour}:${time.minute} ${time.dayPeriod?.toLowerCase()}`
  }
}

/** Whether there is such a moment and such a place, so that it can be told at all. */
export function isMoment(instant: string, timeZone: string): boolean {
  try {
    return momentInSpanish(instant, timeZone).date !== ''
  } catch {
    return false
  }
}

/** «22-11-2026»: how the law's documents write a day, in the capital's time. */
export function dayOf(instant: Date, timeZone: string): string {
  const { day, month, year } = partsOf('es-CL', { day: '2-digit', month: '2-digit', year: 'numeric' }, instant, timeZone)
  return `${day}-${month}-${year}`
}

/** «20:30» */
export function clock(instant: string | Date, timeZone: string): string {
  const { hour, minute } = partsOf('es-CL', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, instant, timeZone)
  return `${hour}:${minute}`
}

function partsOf(locale: string, options: Intl.DateTimeFormatOptions, instant: string | Date, timeZone: string): Record<string, string> {
  const parts = new Intl.DateTimeFormat(locale, { ...options, timeZone }).formatToParts(new Date(instant))
  return Object.fromEntries(parts.map(({ type, value }) => [type, value]))
}
