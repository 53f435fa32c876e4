import { endAll } from './sweep.ts'

/**
 * Holds one end of a pipe whose other end is the supervisor's. When the
 * supervisor dies, however it dies, the kernel closes the pipe, and every
 * process of the instance ends here: nothing runs that nobody watches.
 * A supervisor that has ended everything itself says so first.
 */
const directory = process.argv[2]!
let said = ''

process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
process.on('SIGHUP', () => {})
process.stdin.on('data', (chunk) => {
  said += chunk
})
process.stdin.on('error', () => {})
process.stdin.on('close', async () => {
  if (said.includes('done')) return
  const ended = await endAll(directory)
  console.log(`the supervisor died: ended ${ended} processes`)
})
