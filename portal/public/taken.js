// Shows on the seat map and in the list what became of seats since the page was made. What its reader chose stays chosen.
const form = document.querySelector('#form-asientos')
const map = document.querySelector('#asientos')
const said = document.querySelector('#visto').dataset
const radius = Number(map.dataset.radius)
const seats = [...form.querySelectorAll('input[name=asiento]')].map((box) => ({
  seatNo: Number(box.value),
  box,
  dot: map.querySelector(`#s${box.value}`),
  name: map.querySelector(`#s${box.value}`).getAttribute('aria-label')
}))
const gone = message('aviso-ocupados', 'notice', document.querySelector('#resumen'))
const back = message('aviso-liberados', 'hint', document.querySelector('.map.seats'))
let isTaken = () => false

document.addEventListener('availability', (event) => {
  isTaken = event.detail.isTaken
  look()
})
form.addEventListener('change', look)
for (const type of ['click', 'keydown']) map.addEventListener(type, guard, true)

function look() {
  for (const { seatNo, box, dot, name } of seats) {
    const taken = isTaken(seatNo)
    if (!taken && !dot.classList.contains('gone')) continue
    box.disabled = taken && !box.checked // a chosen one may still be sent: the seller knows better than this page
    for (const part of [dot, box.parentElement]) part.classList.toggle('gone', taken)
    dot.setAttribute('r', radius * (box.disabled ? 0.6 : 1))
    dot.setAttribute('aria-disabled', box.disabled)
    dot.setAttribute('aria-label', taken ? `${name}, ${said.taken}` : name)
  }
  for (const dot of map.querySelectorAll('circle[data-seat]')) dot.classList.toggle('back', !isTaken(Number(dot.dataset.seat)))
  tell()
}

function tell() {
  const lost = seats.filter(({ seatNo, box }) => box.checked && isTaken(seatNo))
  const text = (lost.length === 1 ? said.goneOne : said.goneMany).replace('{seats}', lost.map(({ box }) => nameOf(box)).join('; '))
  say(gone, lost.length > 0 ? text : '')
  const count = map.querySelectorAll('circle.back').length
  say(back, count === 0 ? '' : count === 1 ? said.backOne : said.backMany.replace('2', count))
  if (count > 0) back.append(' ', link())
}

/** A seat that came back has no box on this page: the next one has, with everything chosen so far. */
function link(seatNo) {
  const url = new URL(location.href)
  const mine = chosen()
  if (seatNo && mine.length < Number(form.dataset.max)) mine.push(seatNo)
  url.searchParams.set('asientos', mine.join())
  const anchor = document.createElement('a')
  anchor.href = url.pathname + url.search
  anchor.textContent = said.show
  return anchor
}

function chosen() {
  return seats
    .filter(({ box }) => box.checked)
    .map(({ box }) => {
      const type = form.elements[`tipo-${box.value}`]?.value ?? '1'
      return type === '1' ? box.value : `${box.value}.${type}`
    })
}

function guard(event) {
  if (event.type === 'keydown' && event.key !== ' ' && event.key !== 'Enter') return
  if (event.target.classList.contains('back')) location.assign(link(event.target.dataset.seat).href)
  if (seats.some(({ dot, box }) => dot === event.target && box.disabled)) event.stopImmediatePropagation()
}

function nameOf(box) {
  const row = box.closest('fieldset').querySelector('legend').firstChild.textContent.trim()
  return `${row} · ${form.dataset.seat.replace('{seat}', box.nextElementSibling.firstChild.textContent)}`
}

/** In place before there is anything to say, so that screen readers hear it when there is. */
function message(id, className, after) {
  const place = document.createElement('p')
  place.id = id
  place.className = className
  place.setAttribute('role', 'status')
  after.after(place)
  return place
}

/** The same again is not said again. */
function say(place, text) {
  if (place.dataset.text === text) return
  place.dataset.text = text
  place.textContent = text
}
