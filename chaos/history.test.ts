import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { followHistory } from './history.ts'

t.test('a history that is being written is read line by line, each once, and a half-written line when it is whole', async (t) => {
  const path = join(t.testdir({}), 'history.jsonl')
  const look = followHistory(path)
  t.strictSame(look(), [], 'before anybody writes')

  appendFileSync(path, `${line('a')}\n${line('ñandú').slice(0, 20)}`)
  t.strictSame(keys(look()), ['a'])

  const rest = Buffer.from(`${line('ñandú').slice(20)}\n`)
  const middle = rest.indexOf(0xc3) + 1 // in the middle of a letter
  appendFileSync(path, rest.subarray(0, middle))
  t.strictSame(keys(look()), ['a'])
  appendFileSync(path, rest.subarray(middle))
  t.strictSame(keys(look()), ['a', 'ñandú'])
  t.strictSame(keys(look()), ['a', 'ñandú'])
})

t.test('a history longer than what is read at once is whole', async (t) => {
  const path = join(t.testdir({}), 'history.jsonl')
  const all = Array.from({ length: 30_000 }, (_, i) => `k${i}`)
  appendFileSync(path, all.map((key) => `${line(key)}\n`).join(''))

  t.strictSame(keys(followHistory(path)()), all)
})

function line(key: string): string {
  return JSON.stringify({ type: 'invoke', op: 'sale', key, try: 1, atMs: 1, wall: '' })
}

function keys(entries: readonly { key: string }[]): string[] {
  return entries.map(({ key }) => key)
}
