// Says in words what party the form asks for, once there is a wheelchair in it.
const form = document.querySelector('#form-mejores')
const chairs = form?.querySelector('#silla')
const hint = form?.querySelector('#pista-silla')

function say() {
  const tickets = [...form.querySelectorAll('.counts select')].reduce((sum, { value }) => sum + Number(value), 0)
  const count = Math.min(Number(chairs.value), tickets)
  hint.textContent = count > 0 ? (parties[count - 1]?.[tickets - count] ?? plain) : plain
}

const parties = JSON.parse(form?.dataset.parties ?? '[]')
const plain = hint?.textContent
if (chairs) {
  form.addEventListener('change', say)
  say()
}
