// The map as another way to tick the boxes of the form: whatever is chosen here is chosen there.
const form = document.querySelector('#form-asientos')
const map = document.querySelector('#asientos')
const view = document.querySelector('#ventana')
const boxes = new Map([...form.querySelectorAll('input[name=asiento]')].map((box) => [`s${box.value}`, box]))
const dots = new Map([...map.querySelectorAll('circle[id]')].map((dot) => [dot.id, dot]))
const nameOf = (box) =>
  `${box.closest('fieldset').querySelector('legend').textContent.trim()}, ${form.dataset.seat.replace('{seat}', box.nextElementSibling.textContent)}`
const chosen = () => [...boxes.values()].filter((box) => box.checked)

map.setAttribute('role', 'group')
for (const [id, dot] of dots) {
  dot.setAttribute('role', 'checkbox')
  dot.setAttribute('tabindex', '-1')
  dot.setAttribute('aria-label', nameOf(boxes.get(id)))
}
dots.values().next().value?.setAttribute('tabindex', '0')
view.removeAttribute('tabindex')

form.addEventListener('change', (event) => {
  if (event.target.name === 'asiento') mark()
})
map.addEventListener('click', (event) => toggle(event.target.id))
map.addEventListener('keydown', (event) => {
  if (event.key === ' ' || event.key === 'Enter') toggle(event.target.id)
  else if (!event.key.startsWith('Arrow')) return
  else move(event.target, event.key)
  event.preventDefault()
})

function toggle(id) {
  const box = boxes.get(id)
  if (!box) return
  box.checked = !box.checked
  box.dispatchEvent(new Event('change', { bubbles: true }))
}

function mark() {
  for (const [id, dot] of dots) {
    dot.setAttribute('aria-checked', boxes.get(id).checked)
    dot.classList.toggle('chosen', boxes.get(id).checked)
  }
  drawTicks()
}

function drawTicks() {
  map.querySelector('.ticks')?.remove()
  const ticks = map.appendChild(document.createElementNS(map.namespaceURI, 'g'))
  ticks.setAttribute('class', 'ticks')
  const r = Number(map.dataset.radius) * 0.5
  for (const box of chosen()) {
    const dot = dots.get(`s${box.value}`)
    const [x, y] = [Number(dot.getAttribute('cx')), Number(dot.getAttribute('cy'))]
    const tick = ticks.appendChild(document.createElementNS(map.namespaceURI, 'path'))
    tick.setAttribute('d', `M${x - r} ${y}l${r * 0.7} ${r * 0.7}l${r * 1.2} ${-r * 1.3}`)
    tick.setAttribute('stroke-width', r * 0.45)
  }
}

/** To the nearest free seat in that direction; what lies straight ahead counts as nearer. */
function move(from, key) {
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key]
  let [best, bestCost] = [undefined, Number.POSITIVE_INFINITY]
  for (const dot of dots.values()) {
    const [x, y] = [dot.cx.baseVal.value - from.cx.baseVal.value, dot.cy.baseVal.value - from.cy.baseVal.value]
    const ahead = x * dx + y * dy
    const aside = Math.abs(x * dy) + Math.abs(y * dx)
    if (ahead > 0.1 && aside <= ahead * 2 && ahead + aside * 2 < bestCost) [best, bestCost] = [dot, ahead + aside * 2]
  }
  if (!best) return
  from.setAttribute('tabindex', '-1')
  best.setAttribute('tabindex', '0')
  best.focus()
}

const full = { width: map.width.baseVal.value, height: map.height.baseVal.value }
const fit = Math.min(1, view.clientWidth / full.width)
const smallest = matchMedia('(pointer: coarse)').matches || view.clientWidth < 600 ? 0.85 : 0.5 // of what a finger needs
let zoom = Math.max(fit, smallest)

/** Keeps the middle of the view where it is. */
function resize(next) {
  const [x, y] = [(view.scrollLeft + view.clientWidth / 2) / zoom, (view.scrollTop + view.clientHeight / 2) / zoom]
  zoom = Math.min(2.5, Math.max(fit * 0.9, next))
  map.setAttribute('width', full.width * zoom)
  map.setAttribute('height', full.height * zoom)
  view.scrollTo(x * zoom - view.clientWidth / 2, y * zoom - view.clientHeight / 2)
}

document.querySelector('#acercar').addEventListener('click', () => resize(zoom * 1.35))
document.querySelector('#alejar').addEventListener('click', () => resize(zoom / 1.35))
resize(zoom)
mark()
const box = map.viewBox.baseVal
const scale = (full.width * zoom) / box.width
const kept = dots.get(`s${chosen()[0]?.value}`)
const middle = kept ? (kept.cx.baseVal.value - box.x) * scale : (full.width * zoom) / 2
view.scrollTo(middle - view.clientWidth / 2, kept ? (kept.cy.baseVal.value - box.y) * scale - view.clientHeight / 2 : 0)
