import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { askSupervisor, openDoor } from './door.ts'

const ANSWER_MS = 50
const LATE_MS = 2_000
const WORDS = 20

t.test('a supervisor that has answered and does not hang up is nobody’s error later', async (t) => {
  const { path, server } = await openStrange(t)
  const hungUp = once(server, 'connection').then(([socket]: Socket[]) => {
    socket!.write(`${JSON.stringify({ done: { pid: 1, statuses: [] } })}\n`)
    return once(socket!, 'close')
  })

  t.strictSame(await askSupervisor(path, { ask: 'status' }, undefined, { answerMsMax: LATE_MS }), { pid: 1, statuses: [] })

  await hungUp // and not because the answer was late after all
})

t.test('a supervisor that does not answer is an error to who asked, and to nobody else', async (t) => {
  const { path } = await openStrange(t)

  await t.rejects(askSupervisor(path, { ask: 'status' }, undefined, { answerMsMax: ANSWER_MS }), /it may be frozen/)
})

t.test('who hangs up before the answer disturbs no supervisor', async (t) => {
  const path = placeOf(t)
  const [asked, gone, served] = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const server = await openDoor(path, async (_, say) => {
    asked.resolve()
    await gone.promise
    for (let i = 0; i < WORDS; i++) {
      say('a word to nobody')
      await nextTurn()
    }
    served.resolve()
    return { pid: 1, statuses: [] }
  })
  t.teardown(() => void server.close())
  const socket = connect(path)
  socket.write(`${JSON.stringify({ ask: 'end' })}\n`)
  await asked.promise

  socket.destroy()
  await once(socket, 'close')
  gone.resolve()

  await served.promise
  t.pass('it goes on')
})

/** A supervisor that says nothing of its own accord. */
async function openStrange(t: Test): Promise<{ path: string; server: Server }> {
  const path = placeOf(t)
  const server = createServer((socket) => void socket.on('error', () => {}).resume())
  t.teardown(() => void server.close())
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return { path, server }
}

/** A socket's address has room for about a hundred characters. */
function placeOf(t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), 'door-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  return join(directory, 'door')
}
