import { parentPort } from 'node:worker_threads'
import { type Job, makeDocument } from './make-document.ts'
import { readFonts } from './paper.ts'

/** A thread that makes PDFs, so that the broker's heartbeat never waits for one. */
const fonts = readFonts()

parentPort?.on('message', async ({ no, job }: { no: number; job: Job }) => {
  try {
    parentPort?.postMessage({ no, bytes: await makeDocument(fonts, job) })
  } catch (err) {
    parentPort?.postMessage({ no, reason: String(err) })
  }
})
