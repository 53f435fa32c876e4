// What is chosen, with its ticket types and what it costs: follows the boxes of the form, however they are ticked.
const form = document.querySelector('#form-asientos')
const list = document.querySelector('#resumen-lista')
const details = document.querySelector('#resumen-tipos')
const { language, max, fee, ...said } = form.dataset
const types = JSON.parse(said.types)
const boxes = [...form.querySelectorAll('input[name=asiento]')]
const items = new Map()
const money = new Intl.NumberFormat(language === 'es' ? 'de' : 'en')
const amount = (clp) => `${language === 'es' ? '$' : 'CLP'}\u00a0${money.format(clp)}`
const chosen = () => boxes.filter((box) => box.checked)

form.addEventListener('change', (event) => {
  if (event.target.name === 'asiento') settle(event.target)
  else total()
})

/** Over the limit the last one is let go again. */
function settle(last) {
  const over = chosen().length > Number(max)
  if (over) last.checked = false
  list.replaceChildren(...chosen().map(itemOf))
  if (details) details.hidden = chosen().length === 0
  document.querySelector('#resumen-aviso').textContent = over ? said.limit : noticeFor(chosen())
  total()
}

function noticeFor(seats) {
  const alone = seats.some(({ dataset }) => dataset.beside && !seats.some(({ value }) => value === dataset.beside))
  return seats.length === 0 ? said.none : alone ? said.alone : ''
}

/** A seat keeps its item, and so the type that was picked for it, when others come and go. */
function itemOf(box) {
  const known = items.get(box)
  if (known) return known
  const item = document.createElement('li')
  const name = item.appendChild(document.createElement('span'))
  const row = box.closest('fieldset').querySelector('legend').firstChild.textContent.trim()
  name.textContent = `${row} · ${said.seat.replace('{seat}', box.nextElementSibling.firstChild.textContent)}`
  const select = selectFor(box, name.textContent)
  if (select) item.append(select)
  item.append(document.createElement('b'))
  items.set(box, item)
  return item
}

function selectFor(box, name) {
  const prices = pricesOf(box)
  if (prices.filter((price) => price !== null).length < 2) return undefined
  const select = document.createElement('select')
  select.name = `tipo-${box.value}`
  select.setAttribute('aria-label', said.typeOf.replace('{place}', name))
  for (const [i, price] of prices.entries()) if (price !== null) select.append(new Option(types[i], i + 1))
  if (box.dataset.type && prices[box.dataset.type - 1] != null) select.value = box.dataset.type
  return select
}

function pricesOf(box) {
  return JSON.parse(box.closest('fieldset').dataset.prices ?? '[]')
}

function total() {
  const prices = chosen().map((box) => {
    const item = items.get(box)
    const type = item.querySelector('select')?.value
    const clp = type ? pricesOf(box)[type - 1] : Number(box.closest('fieldset').dataset.price)
    item.querySelector('b').textContent = amount(clp)
    return clp
  })
  const sum = prices.reduce((clp, price) => clp + price + Number(fee), 0)
  const count = prices.length
  document.querySelector('#resumen-cuenta').textContent = count === 0 ? '' : count === 1 ? said.one : said.many.replace('2', count)
  document.querySelector('#resumen-total').textContent = count > 0 ? amount(sum) : ''
}

document.querySelector('#por-fila').open = false
if (details) details.open = matchMedia('(min-width: 60rem)').matches
settle()
