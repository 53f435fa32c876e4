import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { openSlowLink, type Weather } from './slow-link.ts'

const HOST = '127.0.0.1'
const CLEAR: Weather = { latencyMs: 0, bytesPerSecond: 1e9 }

t.test('a link carries what is sent, in order and both ways, and counts it', async (t) => {
  const { link, open } = await givenLink(t, CLEAR)
  const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251))

  const answer = await echoed(await open(), bytes)

  t.ok(answer.equals(bytes))
  t.match(link.carried(), { connections: 1, bytes: 2 * bytes.length, held: 0 })
})

t.test('what is sent over a long link arrives later, each way, and still in order', async (t) => {
  const { open } = await givenLink(t, { ...CLEAR, latencyMs: 60 })
  const socket = await open()
  const beganMs = performance.now()
  for (const letter of 'abcdefgh') socket.write(letter)

  const answer = await taken(socket, 8)

  t.equal(answer.toString(), 'abcdefgh')
  t.ok(performance.now() - beganMs >= 119, `${performance.now() - beganMs} ms`)
})

t.test('the last words of one who goes away arrive, however late', async (t) => {
  const { open, served } = await givenLink(t, { ...CLEAR, latencyMs: 60 })
  const socket = await open()
  await echoed(socket, Buffer.from('x'))

  served[0]!.end('farewell')

  t.equal((await taken(socket, 8)).toString(), 'farewell')
  await closed(socket)
})

t.test('a narrow link lets through what it can, and makes the sender wait', async (t) => {
  const { open } = await givenLink(t, { latencyMs: 0, bytesPerSecond: 100_000 })
  const beganMs = performance.now()

  await echoed(await open(), Buffer.alloc(50_000))

  const ms = performance.now() - beganMs
  t.ok(ms >= 480, `${ms} ms`)
})

t.test('every third connection hangs when it is told to, and the others go on', async (t) => {
  const { link, open } = await givenLink(t, { ...CLEAR, hangEvery: 3 })
  const sockets = [await open(), await open(), await open(), await open()]

  const answers = await Promise.all(
    sockets.map((socket) => Promise.race([echoed(socket, Buffer.from('x')).then(String), sleep(150, 'nothing')]))
  )

  t.strictSame(answers, ['x', 'x', 'nothing', 'x'])
  t.equal(link.carried().held, 1)
})

t.test('a change of weather reaches connections that are open', async (t) => {
  const { link, open } = await givenLink(t, CLEAR)
  const socket = await open()
  await echoed(socket, Buffer.from('x'))

  link.become({ ...CLEAR, hangEvery: 1 })

  t.equal(await Promise.race([echoed(socket, Buffer.from('x')).then(String), sleep(150, 'nothing')]), 'nothing')
})

t.test('a reset ends every connection at both ends, and the next one is taken', async (t) => {
  const { link, open, served } = await givenLink(t, CLEAR)
  const socket = await open()
  await echoed(socket, Buffer.from('x'))
  const ended = Promise.all([socket, served[0]!].map(closed))

  link.reset()

  await ended
  t.equal((await echoed(await open(), Buffer.from('y'))).toString(), 'y')
})

async function givenLink(t: Test, weather: Weather) {
  const served: Socket[] = []
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    served.push(socket)
    socket.on('error', () => {})
    socket.pipe(socket)
  })
  server.listen({ host: HOST, port: 0 })
  await once(server, 'listening')
  const link = await openSlowLink(HOST, { host: HOST, port: (server.address() as AddressInfo).port }, weather)
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy()
    await link.close()
    server.close()
  })
  const open = async () => {
    const socket = connect(link.door)
    socket.on('error', () => {})
    sockets.push(socket)
    await once(socket, 'connect')
    return socket
  }
  return { link, open, served }
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => void socket.once('close', () => resolve())) // and no error is waited for
}

async function echoed(socket: Socket, bytes: Buffer): Promise<Buffer> {
  socket.write(bytes)
  return taken(socket, bytes.length)
}

function taken(socket: Socket, bytes: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    const take = (piece: Buffer) => {
      pieces.push(piece)
      const all = Buffer.concat(pieces)
      if (all.length < bytes) return
      socket.off('data', take)
      resolve(all)
    }
    socket.on('data', take)
  })
}
