// Waits for news of the purchase and then asks for the page again. Without news it asks now and then.
const ASK_MS = 15_000

function listen() {
  const place = document.querySelector('[data-events]')
  if (!place) return
  const source = new EventSource(place.dataset.events)
  const asking = setInterval(refresh, ASK_MS)
  source.addEventListener('changed', refresh)

  async function refresh() {
    const response = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => undefined)
    if (!response?.ok) return
    const next = new DOMParser().parseFromString(await response.text(), 'text/html')
    const [now, then] = [document.querySelector('main'), next.querySelector('main')]
    if (!then) return
    source.close()
    clearInterval(asking)
    if (next.body.id === document.body.id) now.replaceChildren(...then.childNodes)
    else location.reload()
    listen()
  }
}

listen()
