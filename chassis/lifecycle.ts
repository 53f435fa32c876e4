import type { Log } from './log.ts'

export interface Lifecycle {
  /** Registers how to let go of `resource`, and gives it back. */
  use: <T>(name: string, resource: T, close: (resource: T) => unknown) => T
}

/**
 * Ends the process well. On a signal, or on an error nobody caught, resources
 * close in the reverse of the order they were opened in: the door first, the
 * database last.
 *
 * @param stopMsMax - After this the process exits anyway, with code 1. The topology waits a little longer than this.
 */
export function lifecycle(log: Log, stopMsMax: number): Lifecycle {
  const open: Array<{ name: string; close: () => unknown }> = []
  let stopping = false

  process.on('SIGTERM', () => stop(0))
  process.on('SIGINT', () => stop(0))
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'uncaught')
    stop(1)
  })
  process.on('unhandledRejection', (err) => {
    log.fatal({ err }, 'unhandled')
    stop(1)
  })

  return {
    use(name, resource, close) {
      open.push({ name, close: () => close(resource) })
      return resource
    }
  }

  async function stop(exitCode: number): Promise<void> {
    if (stopping) process.exit(1)
    stopping = true
    setTimeout(() => {
      log.fatal('stop took too long')
      process.exit(1)
    }, stopMsMax).unref()
    for (const { name, close } of open.reverse()) {
      try {
        await close()
      } catch (err) {
        log.error({ err, resource: name }, 'did not close') // «name» would be redacted as a person's
      }
    }
    log.info('stopped')
    process.exit(exitCode)
  }
}
