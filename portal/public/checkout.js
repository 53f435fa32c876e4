// Counts down by the seller's clock: the page knows how many seconds were left when it was made.
const hold = document.querySelector('#reserva')
const clock = document.querySelector('#cuenta')
const said = document.querySelector('#cuenta-aviso')
const began = performance.now()
const seconds = Number(hold?.dataset.seconds)

function tick() {
  const left = Math.max(0, seconds - Math.floor((performance.now() - began) / 1_000))
  clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
  hold.classList.toggle('short', left <= 60)
  if (left <= 60 && said.textContent === '') said.textContent = said.dataset.text
  if (left > 0) return
  clearInterval(ticking)
  location.replace(location.pathname)
}

const ticking = setInterval(tick, 500)
if (hold) tick()

document.querySelector('#errores')?.focus()
