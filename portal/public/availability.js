// Asks now and then which seats are taken, while somebody looks at the page, and says how old the answer is.
// Only a hint: what can be had is decided by the seller.
const EVERY_MS = 4_000
const WAIT_MS_MAX = 60_000
const ANSWER_MS_MAX = 10_000

const seen = document.querySelector('#visto')
const { feed, language, ago, unknown, none, one, many } = seen.dataset
const numbers = new Intl.NumberFormat(language === 'es' ? 'de' : 'en')
let waitMs = EVERY_MS
let asking
let over = false
let etag
let age

/** Not all pages of a sale at the same moment. */
function askIn(ms) {
  clearTimeout(asking)
  asking = setTimeout(ask, ms * (0.8 + Math.random() * 0.4))
}

async function ask() {
  if (document.hidden || over) return
  try {
    const response = await fetch(feed, {
      headers: etag ? { 'if-none-match': etag } : {},
      cache: 'no-store',
      signal: AbortSignal.timeout(ANSWER_MS_MAX)
    })
    if (response.status !== 200 && response.status !== 304) throw new Error(response.status)
    const map = response.status === 200 ? await response.json() : undefined
    if (over) return
    if (map) show(map)
    const seconds = response.headers.get('age')
    age = { seconds: seconds === null ? undefined : Number(seconds), atMs: performance.now() }
    etag = response.headers.get('etag')
    waitMs = EVERY_MS
  } catch {
    waitMs = Math.min(waitMs * 2, WAIT_MS_MAX) // what is shown grows older, and says so
  }
  askIn(waitMs)
}

function show({ taken, zones, sections }) {
  const bytes = Uint8Array.from(atob(taken), (byte) => byte.charCodeAt(0))
  const isTaken = (seatNo) => ((bytes[(seatNo - 1) >> 3] ?? 0) >> ((seatNo - 1) & 7)) % 2 === 1
  document.dispatchEvent(new CustomEvent('availability', { detail: { isTaken } }))
  const left = new Map([
    ...zones.map(({ zoneNo, free }) => [`zona-${zoneNo}`, free]),
    ...sections.map(({ sectionNo, free }) => [`sector-${sectionNo}`, free])
  ])
  for (const place of document.querySelectorAll('[data-free]')) {
    const free = left.get(place.dataset.free)
    if (free !== undefined) place.textContent = free === 0 ? none : free === 1 ? one : many.replace('2', numbers.format(free))
  }
}

function tick() {
  if (!age) return
  const seconds = age.seconds === undefined ? undefined : age.seconds + Math.floor((performance.now() - age.atMs) / 1_000)
  seen.textContent = seconds === undefined ? unknown : ago.replace('0', seconds)
}

document.addEventListener('visibilitychange', () => {
  clearTimeout(asking)
  if (!document.hidden) askIn(0)
})
// On its way to the seller: what this page's own buyer takes is no news.
addEventListener('submit', () => {
  over = true
})
setInterval(tick, 1_000)
askIn(EVERY_MS / 2)
