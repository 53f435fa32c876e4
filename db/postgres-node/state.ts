import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Followed, LedFrom, Term } from '../../chassis/postgres-node.ts'

/** What the agent knows beside the data, and would not find in them. */
export interface State {
  systemIdentifier: string | null
  /** The one directory that is this node's data. Anything else lying about is a copy that never became it. */
  directory: string | null
  promise: Term
  followed: Followed | null
  ledFrom: LedFrom | null
}

export interface Store {
  read: () => Readonly<State>
  /** Returns when the change would outlive a power cut. Called before the change is acted on. */
  write: (change: Partial<State>) => void
}

const NOTHING: State = { systemIdentifier: null, directory: null, promise: { epoch: 0, id: '' }, followed: null, ledFrom: null }

/** The state lives outside the data, so that no copy and no restore of data brings another node's promises along. */
export function openStore(directory: string): Store {
  const file = join(directory, 'state.json')
  let state = load(file)
  return {
    read: () => state,
    write(change) {
      const next = { ...state, ...change }
      save(file, JSON.stringify(next, null, 2))
      state = next
    }
  }
}

function load(file: string): State {
  try {
    return { ...NOTHING, ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<State>) }
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return NOTHING
    throw err // a state that cannot be read is not a state that never was
  }
}

function save(file: string, text: string): void {
  const next = `${file}.next`
  opened(openSync(next, 'w', 0o600), (descriptor) => {
    writeSync(descriptor, text)
    fsyncSync(descriptor)
  })
  renameSync(next, file)
  syncDirectory(dirname(file))
}

function syncDirectory(directory: string): void {
  opened(openSync(directory, 'r'), fsyncSync)
}

/** Closed whatever happens: a disk that is full refuses again and again. */
function opened(descriptor: number, work: (descriptor: number) => void): void {
  try {
    work(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
