import { chmodSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { relative } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import type { Status } from './supervised.ts'

/** What the commands ask of a supervisor. One line of JSON each way, more lines back while it takes long. */
export type Request = { ask: 'status' } | { ask: 'start' | 'stop'; names: string[] } | { ask: 'end' }
type Reply = { say: string } | { done: Answer } | { failed: string }

export interface Answer {
  pid: number
  statuses: Status[]
}

const ANSWER_MS_MAX = 5_000

/**
 * Makes this process the only one on the machine that runs an instance, from
 * whichever checkout, until it lets go or dies: the name is the kernel's, so it
 * can never be left behind.
 *
 * @returns Nothing when another process has it.
 */
export function holdAlone(instance: number): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy()).unref()
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined))
    server.listen(`\0ticketflow-instance-${instance}`, () => resolve(server))
  })
}

/** Opens the instance's door. A socket that a dead supervisor left is taken over. */
export async function openDoor(path: string, serve: (request: Request, say: (text: string) => void) => Promise<Answer>): Promise<Server> {
  rmSync(path, { force: true })
  const server = createServer((socket) => {
    socket.on('error', () => {})
    linesOf(socket).once('line', async (line) => {
      const reply = (answer: Reply) => socket.writable && socket.write(`${JSON.stringify(answer)}\n`)
      try {
        reply({ done: await serve(JSON.parse(line) as Request, (say) => reply({ say })) })
      } catch (err) {
        reply({ failed: (err as Error).message })
      }
      socket.end()
    })
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(short(path), () => {
      chmodSync(path, 0o600)
      resolve(server)
    })
  })
}

/**
 * Asks the supervisor behind a door.
 *
 * @returns Nothing when nobody is behind it.
 * @throws Error what the supervisor refused, or that it does not answer.
 */
export async function askSupervisor(
  path: string,
  request: Request,
  say: (text: string) => void = () => {},
  { answerMsMax = ANSWER_MS_MAX } = {}
): Promise<Answer | undefined> {
  const socket = await reach(path)
  if (!socket) return undefined
  let silence = 'the supervisor went away before it answered'
  socket.on('error', (err) => {
    silence = err.message
  })
  if (request.ask === 'status')
    socket.setTimeout(answerMsMax, () => socket.destroy(new Error('the supervisor does not answer: it may be frozen')))
  socket.write(`${JSON.stringify(request)}\n`)
  try {
    for await (const line of linesOf(socket)) {
      const reply = JSON.parse(line) as Reply
      if ('say' in reply) say(reply.say)
      else if ('failed' in reply) throw new Error(reply.failed)
      else return reply.done
    }
  } finally {
    socket.destroy() // what would come now is too late for anybody
  }
  throw new Error(silence)
}

/** Both say what befalls the connection, and the socket's word is the one that is heard. */
function linesOf(socket: Socket): Interface {
  return createInterface({ input: socket }).on('error', () => {})
}

function reach(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(short(path))
    socket.once('connect', () => resolve(socket))
    socket.once('error', (err: NodeJS.ErrnoException) => {
      if (err.code === 'ENOENT' || err.code === 'ECONNREFUSED') resolve(undefined)
      else reject(err)
    })
  })
}

/** A socket's address has room for about a hundred characters, and a checkout may lie deep. */
function short(path: string): string {
  const fromHere = relative(process.cwd(), path)
  return fromHere.length < path.length ? fromHere : path
}
