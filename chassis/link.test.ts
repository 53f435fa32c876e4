import t from 'tap'
import { makeLink, readLink } from './link.ts'

const SECRET = 'a secret of this test'
const ID = '7b0d8f0e-6f5b-4f0e-9f62-0d8a7a6b1c11'
const NOW = new Date('2026-03-01T12:00:00Z')
const TOMORROW = new Date('2026-03-02T12:00:00Z')

t.test('a link gives its id back until it ends, and says afterwards that it has ended', async (t) => {
  const link = makeLink(SECRET, ID, TOMORROW)

  t.strictSame(readLink(SECRET, link, NOW), { id: ID })
  t.strictSame(readLink(SECRET, link, new Date(TOMORROW.getTime() - 1)), { id: ID })
  t.equal(readLink(SECRET, link, TOMORROW), 'expired')
  t.match(link, /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$/, 'it needs no escaping in a path')
})

t.test('a link changed in any one character is unknown, and so is one signed with another secret', async (t) => {
  const link = makeLink(SECRET, ID, TOMORROW)

  const changed = Array.from(link, (character, i) => link.slice(0, i) + (character === 'A' ? 'B' : 'A') + link.slice(i + 1))

  t.strictSame(
    changed.filter((token) => readLink(SECRET, token, NOW) !== 'unknown'),
    []
  )
  t.equal(readLink('another secret', link, NOW), 'unknown')
})

t.test('what is no link at all is unknown', async (t) => {
  const link = makeLink(SECRET, ID, TOMORROW)

  for (const token of [
    '',
    '.',
    '..',
    'a.b',
    `${link}.`,
    `${link}=`,
    `${link} `,
    `.${link}`,
    link.slice(0, -1),
    ID,
    'ñ.ñ',
    makeLink(SECRET, '', TOMORROW)
  ]) {
    t.equal(readLink(SECRET, token, NOW), 'unknown', JSON.stringify(token))
  }
})
