// Sends the one form of the page by itself, with the same content, after its pause.
const form = document.querySelector('form[data-again]')
if (form) setTimeout(() => form.submit(), Number(form.dataset.again))
