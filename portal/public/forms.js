// A page kept by the back button is old: its form was sent, its seats have moved on.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload()
})

// A second click would be harmless; a button that shows it has heard the first is kinder.
for (const form of document.querySelectorAll('form[method=post]')) {
  form.addEventListener('submit', () => {
    for (const button of form.querySelectorAll('button:not([type=button])')) button.setAttribute('aria-busy', 'true')
  })
}
